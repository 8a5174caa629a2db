import { DAY } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { Database } from '../sqlite/database.ts';
import { number, text } from '../sqlite/row.ts';
import type { Statement } from '../sqlite/statement.ts';
import type { OutboxTable } from './outbox-table.ts';
import type { ReadingsTable } from './readings-table.ts';

/** Rows deleted, and meters looked at, in one transaction, so that the loop is never held up for long. */
const ROWS_AT_ONCE = 5_000;
const METERS_AT_ONCE = 500;

/** Deletes what is past its retention: readings, and alerts that have been told. */
export class Expiry {
  readonly #db: Database;
  readonly #readings: ReadingsTable;
  readonly #outbox: OutboxTable;
  readonly #retentionDays: number;
  readonly #keepDays: ReadonlyMap<string, number>;
  readonly #ownNames: string;
  readonly #metersAfter: Statement;
  /** Id of the last meter whose readings were looked through; 0 before the first. */
  #done = 0;

  /** @param keepDays of meters that have days of their own */
  constructor(
    db: Database,
    readings: ReadingsTable,
    outbox: OutboxTable,
    retentionDays: number,
    keepDays: Readonly<Record<string, number>>,
  ) {
    this.#db = db;
    this.#readings = readings;
    this.#outbox = outbox;
    this.#retentionDays = retentionDays;
    this.#keepDays = new Map(Object.entries(keepDays));
    this.#ownNames = JSON.stringify(Object.keys(keepDays));
    this.#metersAfter = db.prepare('SELECT id, meter FROM meters WHERE id > ? ORDER BY id LIMIT ?');
  }

  /**
   * A small part of it, in a transaction of its own; false when nothing is left.
   * @param heard the clock by which readings are noted
   */
  expire(now: Instant, heard: Instant): boolean {
    const done = this.#db.transaction(() => this.#expirePart(now, heard));
    this.#done = done ?? 0;
    return done !== undefined;
  }

  /** The meter after which to go on; undefined when nothing is left. */
  #expirePart(now: Instant, heard: Instant): number | undefined {
    const kept = this.#retentionDays * DAY;
    let left = ROWS_AT_ONCE - this.#outbox.expire(now - kept, ROWS_AT_ONCE, this.#ownNames);
    let done = this.#done;
    const meters = this.#metersAfter.all(done, METERS_AT_ONCE);
    for (const row of meters) {
      if (left <= 0) return done;
      const id = number(row, 'id');
      const days = this.#keepDays.get(text(row, 'meter'));
      // a history read from a file may be old as a whole: its age counts from its own newest reading
      left -=
        days === undefined
          ? this.#readings.expire(id, kept, left, heard)
          : this.#readings.expire(id, days * DAY, left, heard, true);
      if (left > 0) done = id;
    }
    return left <= 0 || meters.length === METERS_AT_ONCE ? done : undefined;
  }
}
