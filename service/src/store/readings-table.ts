import { DAY } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { PastReading, Point, ReadingsQuery, ThinnedReadings } from '../store-ports.ts';
import type { Database } from '../sqlite/database.ts';
import { number } from '../sqlite/row.ts';
import type { Statement } from '../sqlite/statement.ts';
import { lengthFor, pointsIn, StretchesTable } from './stretches-table.ts';
import type { Range } from './stretches-table.ts';

/** Fewer points than this show nothing: two columns, and the ends. */
const FEWEST_POINTS = 6;

/** Good readings by meter and instant, for the page. */
export class ReadingsTable {
  readonly #stretches: StretchesTable;
  readonly #insert: Statement;
  readonly #fill: Statement;
  readonly #noteFilled: Statement;
  readonly #filled: Statement;
  readonly #takeOut: Statement;
  readonly #forgetFilled: Statement;
  readonly #newest: Statement;
  readonly #count: Statement;
  readonly #all: Statement;
  readonly #first: Statement;
  readonly #last: Statement;
  readonly #lowest: Statement;
  readonly #highest: Statement;
  readonly #delete: Statement;
  readonly #oldest: Statement;
  readonly #expireFilled: Statement;

  constructor(db: Database) {
    this.#stretches = new StretchesTable(db);
    // by position: by name each of the many statements of a query would take twice as long
    const within = 'FROM readings WHERE meter_id = ? AND at >= ? AND at < ?';
    this.#insert = db.prepare(
      'INSERT INTO readings VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET watts = excluded.watts',
    );
    this.#fill = db.prepare(
      `INSERT INTO readings SELECT :meter, :at, :watts
       WHERE NOT EXISTS (SELECT 1 FROM readings WHERE meter_id = :meter AND at >= :at AND at < :until)`,
    );
    this.#noteFilled = db.prepare('INSERT OR REPLACE INTO taken_in VALUES (?, ?, ?)');
    this.#filled = db.prepare('SELECT at, watts FROM taken_in WHERE meter_id = ? ORDER BY at LIMIT ?');
    // one that was heard since has taken the place of what was taken in
    this.#takeOut = db.prepare('DELETE FROM readings WHERE meter_id = ? AND at = ? AND watts = ?');
    this.#forgetFilled = db.prepare('DELETE FROM taken_in WHERE meter_id = ? AND at = ?');
    this.#newest = db.prepare('SELECT max(at) AS at FROM readings WHERE meter_id = ?');
    this.#count = db.prepare(`SELECT count(*) AS n FROM (SELECT 1 ${within} LIMIT ?)`);
    this.#all = db.prepare(`SELECT at, watts ${within} ORDER BY at`);
    this.#first = db.prepare(`SELECT at, watts ${within} ORDER BY at LIMIT 1`);
    this.#last = db.prepare(`SELECT at, watts ${within} ORDER BY at DESC LIMIT 1`);
    // one statement a column: GROUP BY would sort all readings first
    this.#lowest = db.prepare(`SELECT at, min(watts) AS watts ${within}`);
    this.#highest = db.prepare(`SELECT at, max(watts) AS watts ${within}`);
    this.#delete = db.prepare(
      `DELETE FROM readings WHERE (meter_id, at) IN (
         SELECT meter_id, at FROM readings
         WHERE meter_id = :meter AND at < -:kept +
           max((SELECT max(at) FROM readings WHERE meter_id = :meter AND at <= :latest), :clock)
         ORDER BY at LIMIT :limit)`,
    );
    this.#expireFilled = db.prepare('DELETE FROM taken_in WHERE meter_id = ? AND at < ?');
    this.#oldest = db.prepare('SELECT min(at) AS at FROM readings WHERE meter_id = ?');
  }

  /** Puts readings of one meter in; one of the same instant takes the place of the former. */
  insert(meterId: number, readings: readonly Point[]): void {
    for (const { at, watts } of readings) this.#insert.run(meterId, at, watts);
    this.#stretches.refresh(
      meterId,
      readings.map(({ at }) => at),
    );
  }

  /** Puts in readings of times that have none, and notes them, to be taken out again. @returns how many */
  fill(meterId: number, readings: readonly PastReading[]): number {
    const added: Instant[] = [];
    for (const { at, watts, until } of readings) {
      if (this.#fill.run({ meter: meterId, at, watts, until }) === 0) continue;
      added.push(at);
      this.#noteFilled.run(meterId, at, watts);
    }
    this.#stretches.refresh(meterId, added);
    return added.length;
  }

  /** Takes out at most `limit` of those that were put in so. @returns how many of them there were */
  empty(meterId: number, limit: number): number {
    const points = this.#filled.all(meterId, limit).flatMap(pointsIn);
    for (const { at, watts } of points) {
      this.#takeOut.run(meterId, at, watts);
      this.#forgetFilled.run(meterId, at);
    }
    this.#stretches.refreshWithout(
      meterId,
      points.map(({ at }) => at),
    );
    return points.length;
  }

  /** The instant of the newest reading; null where there is none. */
  newest(meterId: number): Instant | null {
    const at = this.#newest.get(meterId)?.at;
    return typeof at === 'number' ? at : null;
  }

  /** Readings in order of time, thinned where there are more than `points`. */
  query(meterId: number, { from, to, points }: ReadingsQuery): ThinnedReadings {
    const most = Math.max(FEWEST_POINTS, points);
    const counted = this.#count.get(meterId, from, to, most + 1);
    const count = counted === undefined ? 0 : number(counted, 'n');
    if (count <= most) return { points: this.#all.all(meterId, from, to).flatMap(pointsIn), columnMs: null };
    // two points a column and two at the ends; columns begin at multiples of their width, which is one more of them, so
    // that a range that is moved a little shows the same points
    const width = Math.ceil((to - from) / (Math.floor(most / 2) - 2));
    const length = lengthFor(width);
    const columnMs = length === null ? width : Math.ceil(width / length) * length;
    return { points: this.#thinned([meterId, from, to], columnMs, length), columnMs };
  }

  /**
   * Deletes at most `limit` readings of a meter that are older by more than `kept` ms than its newest. One that a clock
   * far ahead has left behind is not the newest.
   * @param heard the clock by which readings are noted
   * @param byClock or than that clock
   */
  expire(meterId: number, kept: number, limit: number, heard: Instant, byClock = false): number {
    const [latest, clock] = [heard + DAY, byClock ? heard : -Infinity];
    const deleted = this.#delete.run({ meter: meterId, kept, limit, latest, clock });
    if (deleted === 0) return 0;
    const oldest = this.#oldest.get(meterId)?.at;
    const from = typeof oldest === 'number' ? oldest : undefined;
    this.#stretches.forget(meterId, from);
    this.#expireFilled.run(meterId, from ?? Number.MAX_SAFE_INTEGER);
    return deleted;
  }

  /**
   * The lowest and highest of each column, and the readings at both ends of every gap of a column or more: a gap costs
   * two points and saves at least two.
   */
  #thinned([meterId, from, to]: Range, width: number, length: number | null): Point[] {
    const points: Point[] = [];
    let isAfterGap = true;
    let before: Range | undefined;
    for (let start = Math.floor(from / width) * width; start < to; start += width) {
      const column: Range = [meterId, Math.max(from, start), Math.min(to, start + width)];
      const extremes = this.#stretches.extremes(column, length, this.#extremes);
      if (extremes.length === 0) {
        if (before !== undefined) points.push(...pointsIn(this.#last.get(...before)));
        before = undefined;
        isAfterGap = true;
        continue;
      }
      if (isAfterGap) points.push(...pointsIn(this.#first.get(...column)));
      points.push(...extremes);
      before = column;
      isAfterGap = false;
    }
    if (before !== undefined) points.push(...pointsIn(this.#last.get(...before)));
    points.sort((a, b) => a.at - b.at);
    return points.filter(({ at }, i) => at !== points[i - 1]?.at);
  }

  readonly #extremes = (range: Range): Point[] => [
    ...pointsIn(this.#lowest.get(...range)),
    ...pointsIn(this.#highest.get(...range)),
  ];
}
