import type { StatementSync } from 'node:sqlite';
import type { KeptReading } from '../ports.ts';
import type { Point, ReadingsQuery } from '../store-ports.ts';
import type { Database } from '../sqlite/database.ts';

/** Good readings by meter and instant, for the page. */
export class ReadingsTable {
  readonly #insert: StatementSync;
  readonly #count: StatementSync;
  readonly #all: StatementSync;
  readonly #thinned: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: Database) {
    const within = 'FROM readings WHERE meter_id = :meter AND at >= :from AND at < :to';
    this.#insert = db.prepare(
      'INSERT INTO readings VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET watts = excluded.watts',
    );
    this.#count = db.prepare(`SELECT count(*) AS n FROM (SELECT 1 ${within} LIMIT :limit)`);
    this.#all = db.prepare(`SELECT at, watts ${within} ORDER BY at`);
    // beside a lone min() or max(), SQLite takes the other columns from the row that holds it; the cast is there
    // because numbers are bound as REAL
    this.#thinned = db.prepare(
      `SELECT at, min(watts) AS watts ${within} GROUP BY CAST((at - :from) / :width AS INTEGER)
       UNION
       SELECT at, max(watts) AS watts ${within} GROUP BY CAST((at - :from) / :width AS INTEGER)
       ORDER BY at`,
    );
    this.#delete = db.prepare(
      `DELETE FROM readings WHERE (meter_id, at) IN (
         SELECT meter_id, at FROM readings
         WHERE meter_id = :meter AND at < (SELECT max(at) FROM readings WHERE meter_id = :meter) - :kept
         ORDER BY at LIMIT :limit)`,
    );
  }

  insert(meterId: number, { at, watts }: KeptReading): void {
    this.#insert.run(meterId, at, watts);
  }

  /** Readings in order of time, thinned to the lowest and highest of each stretch where there are too many. */
  query(meterId: number, { from, to, points }: ReadingsQuery): Point[] {
    const range = { meter: meterId, from, to };
    const count = Number(this.#count.get({ ...range, limit: points + 1 })?.n);
    const width = Math.max(1, Math.ceil((to - from) / Math.max(1, Math.floor(points / 2))));
    const rows = count <= points ? this.#all.all(range) : this.#thinned.all({ ...range, width });
    return rows.map(({ at, watts }) => ({ at: Number(at), watts: Number(watts) }));
  }

  /** Deletes at most `limit` readings of a meter that are older than its newest by more than `kept` ms. */
  expire(meterId: number, kept: number, limit: number): number {
    return Number(this.#delete.run({ meter: meterId, kept, limit }).changes);
  }
}
