import { LeftOnError, messageOf } from '@lefton/core';
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

/** So many of the newest readings are read, as `lefton refit` does: 92 days of a meter that reports every second. */
const MOST_READINGS = 8_000_000;

/** The service's database, read only; the service may run meanwhile. */
export class ServiceFile {
  readonly #db: DatabaseSync;

  /** @throws LeftOnError `bad_database` where there is no such file, or one of another kind */
  constructor(path: string) {
    try {
      this.#db = new DatabaseSync(path, { readOnly: true });
      this.#db.prepare('SELECT 1 FROM episodes, labels, readings, meters LIMIT 1');
    } catch (error) {
      const found = messageOf(error);
      const expected = 'the database of lefton serve, as in LEFTON_DB';
      throw new LeftOnError({ code: 'bad_database', place: path, expected, found });
    }
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

  /** The good readings of a meter that are kept, oldest first. */
  readings(meter: string): History {
    const of = 'FROM readings WHERE meter_id = (SELECT id FROM meters WHERE meter = ?)';
    const total = Number(this.#db.prepare(`SELECT count(*) AS n ${of}`).get(meter)?.n);
    const length = Math.min(total, MOST_READINGS);
    const [at, watts] = [new Float64Array(length), new Float64Array(length)];
    const rows = this.#db.prepare(`SELECT at, watts ${of} ORDER BY at LIMIT ? OFFSET ?`);
    let i = 0;
    for (const row of rows.iterate(meter, length, total - length)) {
      at[i] = Number(row.at);
      watts[i] = Number(row.watts);
      i++;
    }
    return { at, watts };
  }

  /** The meters of which readings are kept. */
  meters(): string[] {
    const rows = this.#db
      .prepare(
        'SELECT meter FROM meters WHERE EXISTS (SELECT 1 FROM readings WHERE meter_id = id) ORDER BY meter',
      )
      .all();
    return rows.map(({ meter }) => String(meter));
  }

  close(): void {
    this.#db.close();
  }
}
