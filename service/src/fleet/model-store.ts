import { LeftOnError, PackedModel } from '@lefton/core';
import type { ModelBytes } from '@lefton/core';
import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { nullable, number, text } from '../sqlite/row.ts';
import { Statement } from '../sqlite/statement.ts';
import type { Row } from '../sqlite/statement.ts';
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
export const OF_METER: readonly string[] = [
  `models WHERE owner = 'meter' AND name = :meter`,
  'members WHERE meter = :meter',
  'trial WHERE meter = :meter',
];

/**
 * The models of a fleet in one SQLite file: by meter or cohort, and by generation. Many processes of a machine read it
 * while a command writes (see ModelWriter); each looks for changes by itself. What is read throws LeftOnError
 * `storage_busy` (transient), `storage_broken` or `storage_failed`.
 */
export class ModelStore {
  readonly file: string;
  protected readonly db: DatabaseSync;
  readonly #find: Statement;
  readonly #read: Statement;
  readonly #member: Statement;
  readonly #named: Statement;
  readonly #rollout: Statement;
  readonly #any: Statement;

  /**
   * @param db the open file; opened to be read where it is left out
   * @throws LeftOnError `no_model_store`, `foreign_file`, `storage_failed`
   */
  constructor(file: string, db: DatabaseSync = opened(file, false)) {
    this.file = file;
    this.db = db;
    this.#find = this.prepare(
      `SELECT id, generation, change FROM models WHERE owner = ? AND name = ? AND generation <= ?
       ORDER BY generation DESC LIMIT 1`,
    );
    this.#read = this.prepare('SELECT head, numbers, crc FROM models WHERE id = ?');
    this.#any = this.prepare('SELECT 1 FROM models LIMIT 1');
    this.#member = this.prepare('SELECT cohort FROM members WHERE meter = ?');
    this.#named = this.prepare('SELECT 1 FROM trial WHERE meter = ?');
    this.#rollout = this.prepare('SELECT change, stable, candidate, per_mille, previous FROM rollout');
  }

  /** Another number whenever something in the store has changed. */
  get change(): number {
    return number(this.#rolloutRow(), 'change');
  }

  rollout(): Rollout {
    const row = this.#rolloutRow();
    return {
      stable: number(row, 'stable'),
      candidate: nullable(number, row, 'candidate'),
      perMille: number(row, 'per_mille'),
      previous: nullable(number, row, 'previous'),
    };
  }

  /** The newest model of a meter or cohort up to a generation. */
  find(owner: Owner, name: string, generation: number): ModelRow | undefined {
    const row = this.#find.get(owner, name, generation);
    if (row === undefined) return undefined;
    return {
      id: number(row, 'id'),
      generation: number(row, 'generation'),
      change: number(row, 'change'),
    };
  }

  /**
   * The model of a row.
   * @throws LeftOnError `bad_model` where it is not as it was written
   */
  read({ id }: ModelRow, place: string): PackedModel {
    const { head, numbers, crc } = this.#read.get(id) ?? {};
    if (typeof head !== 'string' || !(numbers instanceof Uint8Array)) throw gone(place, 'no row');
    if (crcOf({ head, numbers }) !== crc) throw gone(place, 'other bytes');
    return PackedModel.fromBytes({ head, numbers }, place);
  }

  /** The cohort that a meter was put into. */
  cohortOf(meter: string): string | undefined {
    const row = this.#member.get(meter);
    return row === undefined ? undefined : text(row, 'cohort');
  }

  /** Whether a meter was named to try the candidate. */
  isNamed(meter: string): boolean {
    return this.#named.get(meter) !== undefined;
  }

  get isEmpty(): boolean {
    return this.#any.get() === undefined;
  }

  generations(): GenerationCount[] {
    const count = (owner: Owner): string => `sum(owner = '${owner}') AS ${owner}s`;
    const sql = `SELECT generation, ${count('meter')}, ${count('cohort')} FROM models GROUP BY generation`;
    return this.prepare(sql)
      .all()
      .map((row) => ({
        generation: number(row, 'generation'),
        meters: number(row, 'meters'),
        cohorts: number(row, 'cohorts'),
      }));
  }

  /** How many rows there are of a meter. */
  count(meter: string): number {
    const each = OF_METER.map((where) => `(SELECT count(*) FROM ${where})`).join(' + ');
    return number(this.prepare(`SELECT ${each} AS n`).get({ meter }) ?? {}, 'n');
  }

  close(): void {
    this.db.close();
  }

  #rolloutRow(): Row {
    return this.#rollout.get() ?? {};
  }

  protected prepare(sql: string): Statement {
    return Statement.of(this.db, this.file, sql);
  }
}

/** The checksum by which a model is known to be as it was written. */
export const crcOf = ({ head, numbers }: ModelBytes): number => crc32(numbers, crc32(head));

const gone = (place: string, found: string): LeftOnError =>
  new LeftOnError({ code: 'bad_model', place, expected: 'the model as it was written', found });
