import { MINUTE } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { StatementSync } from 'node:sqlite';
import type { Point } from '../store-ports.ts';
import type { Database } from '../sqlite/database.ts';

/**
 * Length of a stretch, ms; schema.ts has it too. A year of seconds is 105,120 stretches, and what is too short for
 * them, 500 columns of less than five minutes, is at most 150,000 readings: both are looked through in a moment.
 */
export const STRETCH = 5 * MINUTE;

/** The stretch in which an instant lies, by its beginning. */
export const startOf = (at: Instant): Instant => Math.floor(at / STRETCH) * STRETCH;

/** The lowest and highest reading of every five minutes that have one, so that a year is looked at without each second. */
export class StretchesTable {
  readonly #refresh: StatementSync;
  readonly #lowest: StatementSync;
  readonly #highest: StatementSync;
  readonly #forget: StatementSync;

  constructor(db: Database) {
    const of = 'FROM readings WHERE meter_id = :meter AND at >= :start AND at < :end';
    // beside a lone min() or max(), SQLite takes the other columns from the row that holds it
    this.#refresh = db.prepare(
      `INSERT OR REPLACE INTO stretches
         SELECT :meter, :start, low.at, low.watts, high.at, high.watts
         FROM (SELECT at, min(watts) AS watts ${of}) AS low, (SELECT at, max(watts) AS watts ${of}) AS high`,
    );
    const within = 'FROM stretches WHERE meter_id = ? AND start >= ? AND start < ?';
    this.#lowest = db.prepare(`SELECT lowest_at AS at, min(lowest) AS watts ${within}`);
    this.#highest = db.prepare(`SELECT highest_at AS at, max(highest) AS watts ${within}`);
    this.#forget = db.prepare('DELETE FROM stretches WHERE meter_id = ? AND start < ?');
  }

  /** Looks anew at the readings of a stretch that has one: right also where one has taken the place of another. */
  refresh(meterId: number, start: Instant): void {
    this.#refresh.run({ meter: meterId, start, end: start + STRETCH });
  }

  /** The lowest and highest of whole stretches; none where there are no readings. */
  extremes(meterId: number, from: Instant, to: Instant): Point[] {
    return [
      ...pointsIn(this.#lowest.get(meterId, from, to)),
      ...pointsIn(this.#highest.get(meterId, from, to)),
    ];
  }

  /** The readings before an instant are gone. */
  forget(meterId: number, before: Instant): void {
    this.#forget.run(meterId, startOf(before));
    this.refresh(meterId, startOf(before));
  }
}

/** The reading of a row; a min() of nothing has null. */
export const pointsIn = (row: ReturnType<StatementSync['get']>): Point[] =>
  typeof row?.at === 'number' ? [{ at: row.at, watts: Number(row.watts) }] : [];
