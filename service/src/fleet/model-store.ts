import { LeftOnError, PackedModel } from '@lefton/core';
import type { Model, ModelBytes } from '@lefton/core';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { Rollout } from './rollout.ts';
import { opened } from './store-file.ts';

/** Whose a model is: of one meter, or of a cohort for meters that have none of their own. */
export type Owner = 'meter' | 'cohort';

/** A model as the store has it, without its numbers. */
export interface ModelRow {
  readonly id: number;
  readonly generation: number;
  /** Another number whenever the row was written. */
  readonly change: number;
}

/** What a store holds, by generation. */
interface GenerationCount {
  readonly generation: number;
  readonly meters: number;
  readonly cohorts: number;
}

/** Where a meter stands. */
const OF_METER = [
  `models WHERE owner = 'meter' AND name = :meter`,
  'members WHERE meter = :meter',
  'trial WHERE meter = :meter',
];

/**
 * The models of a fleet in one SQLite file: by meter or cohort, and by generation. Many processes of a machine read it
 * while a command writes; each looks for changes by itself.
 */
export class ModelStore {
  readonly file: string;
  readonly #db: DatabaseSync;
  readonly #find: StatementSync;
  readonly #read: StatementSync;
  readonly #put: StatementSync;
  readonly #member: StatementSync;
  readonly #named: StatementSync;
  readonly #rollout: StatementSync;
  readonly #any: StatementSync;

  /**
   * @param make the file is made where there is none
   * @throws LeftOnError `no_model_store`, `foreign_file`, `storage_failed`
   */
  constructor(file: string, make: boolean) {
    this.file = file;
    const db = opened(file, make);
    this.#db = db;
    this.#find = db.prepare(
      `SELECT id, generation, change FROM models WHERE owner = ? AND name = ? AND generation <= ?
       ORDER BY generation DESC LIMIT 1`,
    );
    this.#read = db.prepare('SELECT head, numbers, crc FROM models WHERE id = ?');
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO models (owner, name, generation, change, head, numbers, crc)
       VALUES (?, ?, ?, (SELECT change FROM rollout) + 1, ?, ?, ?)`,
    );
    this.#any = db.prepare('SELECT 1 FROM models LIMIT 1');
    this.#member = db.prepare('SELECT cohort FROM members WHERE meter = ?');
    this.#named = db.prepare('SELECT 1 FROM trial WHERE meter = ?');
    this.#rollout = db.prepare(
      'SELECT change, stable, candidate, per_mille AS perMille, previous FROM rollout',
    );
  }

  /** Another number whenever something in the store has changed. */
  get change(): number {
    return Number(this.#get(this.#rollout)?.change);
  }

  rollout(): Rollout {
    const { stable, candidate, perMille, previous } = this.#get(this.#rollout) ?? {};
    return {
      stable: Number(stable),
      candidate: candidate === null ? null : Number(candidate),
      perMille: Number(perMille),
      previous: previous === null ? null : Number(previous),
    };
  }

  /** The newest model of a meter or cohort up to a generation. */
  find(owner: Owner, name: string, generation: number): ModelRow | undefined {
    const row = this.#get(this.#find, owner, name, generation);
    if (row === undefined) return undefined;
    return { id: Number(row.id), generation: Number(row.generation), change: Number(row.change) };
  }

  /**
   * The model of a row.
   * @throws LeftOnError `bad_model` where it is not as it was written
   */
  read({ id }: ModelRow, place: string): PackedModel {
    const { head, numbers, crc } = this.#get(this.#read, id) ?? {};
    if (typeof head !== 'string' || !(numbers instanceof Uint8Array)) throw gone(place, 'no row');
    if (crcOf({ head, numbers }) !== crc) throw gone(place, 'other bytes');
    return PackedModel.fromBytes({ head, numbers }, place);
  }

  /** The cohort that a meter was put into. */
  cohortOf(meter: string): string | undefined {
    const cohort = this.#get(this.#member, meter)?.cohort;
    return typeof cohort === 'string' ? cohort : undefined;
  }

  /** Whether a meter was named to try the candidate. */
  isNamed(meter: string): boolean {
    return this.#get(this.#named, meter) !== undefined;
  }

  get isEmpty(): boolean {
    return this.#get(this.#any) === undefined;
  }

  generations(): GenerationCount[] {
    const count = (owner: Owner): string => `sum(owner = '${owner}') AS ${owner}s`;
    const rows = this.#db
      .prepare(`SELECT generation, ${count('meter')}, ${count('cohort')} FROM models GROUP BY generation`)
      .all();
    return rows.map(({ generation, meters, cohorts }) => {
      return { generation: Number(generation), meters: Number(meters), cohorts: Number(cohorts) };
    });
  }

  /** Writes a model over one of the same generation; within `write`. */
  put(owner: Owner, name: string, generation: number, model: Model): void {
    const { head, numbers } = PackedModel.of(model).toBytes();
    this.#put.run(owner, name, generation, head, numbers, crcOf({ head, numbers }));
  }

  /** Puts meters into cohorts; within `write`. */
  assign(members: Iterable<readonly [meter: string, cohort: string]>): void {
    const put = this.#db.prepare('INSERT OR REPLACE INTO members VALUES (?, ?)');
    for (const [meter, cohort] of members) put.run(meter, cohort);
  }

  /** Sets the rollout, and the meters that try the candidate in any case; within `write`. */
  roll({ stable, candidate, perMille, previous }: Rollout, named: readonly string[]): void {
    this.#db
      .prepare('UPDATE rollout SET stable = ?, candidate = ?, per_mille = ?, previous = ?')
      .run(stable, candidate, perMille, previous);
    this.#db.exec('DELETE FROM trial');
    const put = this.#db.prepare('INSERT OR IGNORE INTO trial VALUES (?)');
    for (const meter of named) put.run(meter);
  }

  /** Deletes what nobody can go back to: models older than one of the same owner up to `oldest`; within `write`. */
  prune(oldest: number): number {
    const { changes } = this.#db
      .prepare(
        `DELETE FROM models WHERE EXISTS (SELECT 1 FROM models AS newer WHERE newer.owner = models.owner
         AND newer.name = models.name AND newer.generation > models.generation AND newer.generation <= ?)`,
      )
      .run(oldest);
    return Number(changes);
  }

  /** Deletes generations that were not good; within `write`. */
  discard(after: number): void {
    this.#db.prepare('DELETE FROM models WHERE generation > ?').run(after);
  }

  /** How many rows there are of a meter. */
  count(meter: string): number {
    const each = OF_METER.map((where) => `(SELECT count(*) FROM ${where})`).join(' + ');
    return Number(this.#db.prepare(`SELECT ${each} AS n`).get({ meter })?.n);
  }

  /** Deletes all that is kept of a meter, down to its bytes; the number of rows. */
  forget(meter: string): number {
    const rows = this.count(meter);
    this.write(() => {
      for (const where of OF_METER) this.#db.prepare(`DELETE FROM ${where}`).run({ meter });
    });
    // pages as they were stand in the write-ahead log until it is cut
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return rows;
  }

  /** All or nothing; running processes take it up within seconds. */
  write<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('UPDATE rollout SET change = change + 1');
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }

  /** A row; a disk that does not work now may do so later. */
  #get(statement: StatementSync, ...values: readonly (string | number)[]): ReturnType<StatementSync['get']> {
    try {
      return statement.get(...values);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const expected = 'a store of models that can be read';
      const fault = { code: 'storage_failed', place: this.file, expected, found: error.message };
      throw new LeftOnError({ ...fault, faultClass: 'transient' });
    }
  }
}

const crcOf = ({ head, numbers }: ModelBytes): number => crc32(numbers, crc32(head));

const gone = (place: string, found: string): LeftOnError =>
  new LeftOnError({ code: 'bad_model', place, expected: 'the model as it was written', found });
