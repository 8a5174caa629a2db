import { HOUR, MINUTE } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { Point } from '../store-ports.ts';
import type { Database } from '../sqlite/database.ts';
import { number } from '../sqlite/row.ts';
import type { Row, Statement } from '../sqlite/statement.ts';

/**
 * Lengths of stretches, ms, each a multiple of the one before; schema.ts has them too. A year of seconds is 4,380 of the
 * long ones, and what is too short for any, 500 columns of less than five minutes, is at most 150,000 readings: both are
 * looked through in a moment.
 */
const [SHORT, LONG] = [5 * MINUTE, 2 * HOUR] as const;
/** Columns of at least so many long stretches are made of them: their width is rounded up to a whole number of them. */
const FEWEST_LONG = 6;

/** The stretch in which an instant lies, by its beginning. */
const startOf = (at: Instant, length: number): Instant => Math.floor(at / length) * length;

/** Of a meter, from <= at < to. */
export type Range = readonly [meterId: number, from: Instant, to: Instant];

/** The length of the stretches that columns of a width are made of; null: of single readings. */
export function lengthFor(width: number): number | null {
  if (width >= FEWEST_LONG * LONG) return LONG;
  return width >= SHORT ? SHORT : null;
}

/**
 * The lowest and highest reading of every five minutes and of every two hours that have one, so that a year is looked at
 * without each reading.
 */
export class StretchesTable {
  readonly #fromReadings: Statement;
  readonly #fromShort: Statement;
  readonly #lowest: Statement;
  readonly #highest: Statement;
  readonly #forget: Statement;
  readonly #drop: Statement;

  constructor(db: Database) {
    const of = 'WHERE meter_id = :meter AND at >= :start AND at < :end';
    // beside a lone min() or max(), SQLite takes the other columns from the row that holds it
    this.#fromReadings = db.prepare(
      `INSERT OR REPLACE INTO stretches SELECT :meter, :length, :start, low.at, low.watts, high.at, high.watts
         FROM (SELECT at, min(watts) AS watts FROM readings ${of}) AS low,
              (SELECT at, max(watts) AS watts FROM readings ${of}) AS high WHERE low.at IS NOT NULL`,
    );
    const within = 'FROM stretches WHERE meter_id = ? AND length = ? AND start >= ? AND start < ?';
    const short = `WHERE meter_id = :meter AND length = ${SHORT} AND start >= :start AND start < :end`;
    this.#fromShort = db.prepare(
      `INSERT OR REPLACE INTO stretches SELECT :meter, :length, :start, low.at, low.watts, high.at, high.watts
         FROM (SELECT lowest_at AS at, min(lowest) AS watts FROM stretches ${short}) AS low,
              (SELECT highest_at AS at, max(highest) AS watts FROM stretches ${short}) AS high WHERE low.at IS NOT NULL`,
    );
    this.#lowest = db.prepare(`SELECT lowest_at AS at, min(lowest) AS watts ${within}`);
    this.#highest = db.prepare(`SELECT highest_at AS at, max(highest) AS watts ${within}`);
    this.#drop = db.prepare('DELETE FROM stretches WHERE meter_id = ? AND length = ? AND start = ?');
    this.#forget = db.prepare('DELETE FROM stretches WHERE meter_id = ? AND length = ? AND start < ?');
  }

  /** Looks anew at the stretches of readings that are there: right also where one has taken the place of another. */
  refresh(meter: number, instants: Iterable<Instant>): void {
    const short = new Set<Instant>();
    for (const at of instants) short.add(startOf(at, SHORT));
    const long = new Set<Instant>();
    for (const start of short) {
      this.#fromReadings.run({ meter, length: SHORT, start, end: start + SHORT });
      long.add(startOf(start, LONG));
    }
    for (const start of long) this.#fromShort.run({ meter, length: LONG, start, end: start + LONG });
  }

  /** The same of readings that are gone. */
  refreshWithout(meter: number, instants: readonly Instant[]): void {
    for (const length of [SHORT, LONG])
      for (const start of new Set(instants.map((at) => startOf(at, length))))
        this.#drop.run(meter, length, start);
    this.refresh(meter, instants);
  }

  /**
   * The lowest and highest of a range; none where there are no readings.
   * @param length of the longest stretches to look at; null: none
   * @param ofReadings the same of single readings, for the ends that are no whole stretch
   */
  extremes(range: Range, length: number | null, ofReadings: (range: Range) => Point[]): Point[] {
    if (length === null) return ofReadings(range);
    const [meter, from, to] = range;
    const shorter = length === LONG ? SHORT : null;
    const [whole, end] = [startOf(from + length - 1, length), startOf(to, length)];
    if (whole >= end) return this.extremes(range, shorter, ofReadings);
    return extremesOf([
      ...(from < whole ? this.extremes([meter, from, whole], shorter, ofReadings) : []),
      ...pointsIn(this.#lowest.get(meter, length, whole, end)),
      ...pointsIn(this.#highest.get(meter, length, whole, end)),
      ...(end < to ? this.extremes([meter, end, to], shorter, ofReadings) : []),
    ]);
  }

  /** The oldest reading is now this one; undefined: there is none any more. */
  forget(meter: number, oldest: Instant | undefined): void {
    for (const length of [SHORT, LONG]) this.#forget.run(meter, length, startOf(oldest ?? Infinity, length));
    if (oldest !== undefined) this.refresh(meter, [oldest]);
  }
}

/** The reading of a row; a min() of nothing has null. */
export const pointsIn = (row: Row | undefined): Point[] =>
  typeof row?.at === 'number' ? [{ at: row.at, watts: number(row, 'watts') }] : [];

function extremesOf(points: readonly Point[]): Point[] {
  const [one] = points;
  if (one === undefined) return [];
  const lowest = points.reduce((low, point) => (point.watts < low.watts ? point : low), one);
  const highest = points.reduce((high, point) => (point.watts > high.watts ? point : high), one);
  return [lowest, highest];
}
