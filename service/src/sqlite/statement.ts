import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { storageFault } from './storage-fault.ts';

/** A row as SQLite has it. */
export type Row = Record<string, SQLOutputValue>;

/** Values by position, or all by name. */
type Given = readonly SQLInputValue[] | readonly [Readonly<Record<string, SQLInputValue>>];

/**
 * A prepared statement. Whoever prepares or runs it, in a transaction or alone, gets the faults of the database as the product's own
 * errors: `storage_full` and `storage_busy` (transient), `storage_broken` and `storage_failed` (fatal).
 */
export class Statement {
  readonly #file: string;
  readonly #statement: StatementSync;

  private constructor(file: string, statement: StatementSync) {
    this.#file = file;
    this.#statement = statement;
  }

  /** @param file of the database, for errors */
  static of(db: DatabaseSync, file: string, sql: string): Statement {
    try {
      return new Statement(file, db.prepare(sql));
    } catch (error) {
      throw storageFault(error, file);
    }
  }

  /** @returns how many rows it has changed */
  run(...given: Given): number {
    try {
      return Number(this.#statement.run(...(given as SQLInputValue[])).changes);
    } catch (error) {
      throw storageFault(error, this.#file);
    }
  }

  /** The first row. */
  get(...given: Given): Row | undefined {
    try {
      return this.#statement.get(...(given as SQLInputValue[]));
    } catch (error) {
      throw storageFault(error, this.#file);
    }
  }

  all(...given: Given): Row[] {
    try {
      return this.#statement.all(...(given as SQLInputValue[]));
    } catch (error) {
      throw storageFault(error, this.#file);
    }
  }

  /** Names that the statement does not have may be given. */
  takeAnyName(): this {
    this.#statement.setAllowUnknownNamedParameters(true);
    return this;
  }
}
