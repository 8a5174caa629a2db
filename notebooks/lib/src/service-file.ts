import type { History, Instant } from '@lefton/core';
import { DatabaseSync } from 'node:sqlite';

/** An episode as the service keeps it. */
export interface Episode {
  readonly id: string;
  readonly meter: string;
  readonly since: Instant;
  readonly toldAt: Instant;
  /** Null while it lasts. */
  readonly until: Instant | null;
  readonly watts: number | null;
  readonly usualWatts: number | null;
  readonly score: number | null;
  readonly excessWh: number;
  readonly why: string;
  /** What a person answered; null: nothing yet. */
  readonly answer: 'fine' | 'left_on' | null;
}

const number = (value: unknown): number | null => (value === null ? null : Number(value));

/** The service's database, read only; the service may run meanwhile. */
export class ServiceFile {
  readonly #db: DatabaseSync;

  /** @throws Error where there is no such file */
  constructor(path: string) {
    this.#db = new DatabaseSync(path, { readOnly: true });
  }

  /** Unusual use of a meter that was told in a stretch of time, oldest first. */
  episodes(meter: string, from: Instant, to: Instant): Episode[] {
    const rows = this.#db
      .prepare(
        `SELECT e.episode, meter, since, opened_at, until, watts, usual_watts, score, excess_wh, why, label
         FROM episodes AS e LEFT JOIN labels AS l ON l.episode = e.episode
         WHERE meter = ? AND kind = 'unusual' AND opened_at >= ? AND opened_at < ? ORDER BY since`,
      )
      .all(meter, from, to);
    return rows.map((row) => ({
      id: String(row.episode),
      meter: String(row.meter),
      since: Number(row.since),
      toldAt: Number(row.opened_at),
      until: number(row.until),
      watts: number(row.watts),
      usualWatts: number(row.usual_watts),
      score: number(row.score),
      excessWh: Number(row.excess_wh),
      why: String(row.why),
      answer: row.label === 'fine' || row.label === 'left_on' ? row.label : null,
    }));
  }

  /** The good readings of a meter that are kept. */
  readings(meter: string): History {
    const rows = this.#db
      .prepare('SELECT at, watts FROM readings JOIN meters ON id = meter_id WHERE meter = ? ORDER BY at')
      .all(meter);
    return {
      at: Float64Array.from(rows, ({ at }) => Number(at)),
      watts: Float64Array.from(rows, ({ watts }) => Number(watts)),
    };
  }

  close(): void {
    this.#db.close();
  }
}
