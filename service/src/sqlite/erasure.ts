import type { Database } from './database.ts';
import { number } from './row.ts';

/** Readings deleted in one go, so that a running service is never held up for long. */
const PART = 50_000;
const LOGS = ['raw_power', 'raw_power_dead', 'anomaly_power'] as const;

/**
 * The rows of a meter, table by table, in the order in which they go: what others are found by goes last. A dead letter may
 * be of any meter, so one goes as soon as it mentions this one.
 */
const ROWS: Readonly<Record<string, string>> = {
  taken_in: 'meter_id = (SELECT id FROM meters WHERE meter = :meter)',
  last_import: 'meter = :meter',
  stretches: 'meter_id = (SELECT id FROM meters WHERE meter = :meter)',
  readings: 'meter_id = (SELECT id FROM meters WHERE meter = :meter)',
  raw_power: 'key = :meter',
  raw_power_dead: 'key = :meter OR instr(value, CAST(:meter AS BLOB)) > 0 OR instr(headers, :meter) > 0',
  anomaly_power: 'key = :meter',
  outbox: 'meter = :meter',
  labels: 'episode IN (SELECT episode FROM episodes WHERE meter = :meter)',
  episodes: 'meter = :meter',
  meters: 'meter = :meter',
};

/** Tables that know of no meter. */
export const OF_NO_METER: readonly string[] = ['commits', 'progress', 'mute', 'closed_channels', 'sessions'];
export const TABLES_OF_METERS: readonly string[] = Object.keys(ROWS);

/** Rows by table. */
export type RowCounts = Readonly<Record<string, number>>;

/** Takes a meter out of the SQLite file, so that its bytes are gone and not only its rows. */
export class Erasure {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** What there is of a meter; tables with nothing are left out. */
  count(meter: string): RowCounts {
    const counts = Object.entries(ROWS).map(([table, where]): [string, number] => {
      const row = this.#db.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${where}`).get({ meter });
      return [table, number(row ?? {}, 'n')];
    });
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  /**
   * Deletes all that there is of a meter; what was deleted. A kill in the middle leaves a part: to be called again.
   * @param rest lets others work between two parts of the readings
   * @param committed called in the same breath as the last transaction, before anything is read again
   * @throws LeftOnError as `transaction` does
   */
  async erase(
    meter: string,
    rest: () => Promise<unknown>,
    committed = (): void => undefined,
  ): Promise<RowCounts> {
    const counts = this.count(meter);
    const part = this.#db.prepare(
      `DELETE FROM readings WHERE (meter_id, at) IN (SELECT meter_id, at FROM readings WHERE ${ROWS.readings ?? ''} LIMIT ${PART})`,
    );
    while (part.run({ meter }) === PART) await rest();
    this.#db.transaction(() => {
      for (const log of LOGS) this.#keepPlace(log, meter);
      for (const [table, where] of Object.entries(ROWS))
        this.#db.prepare(`DELETE FROM ${table} WHERE ${where}`).run({ meter });
    });
    committed();
    // pages as they were stand in the write-ahead log until it is cut
    this.#db.checkpoint();
    return counts;
  }

  /** The file is written anew without any free page: also what was deleted by versions that did not overwrite it. */
  rewrite(): void {
    this.#db.rewrite();
  }

  /** Offsets are never given twice: where the newest record of a log is the meter's, an empty one keeps its place. */
  #keepPlace(log: (typeof LOGS)[number], meter: string): void {
    const newest = this.#db
      .prepare(
        `SELECT offset FROM ${log} WHERE offset = (SELECT max(offset) FROM ${log}) AND (${ROWS[log] ?? ''})`,
      )
      .get({ meter });
    if (newest === undefined) return;
    const sql = `UPDATE ${log} SET key = '', value = x'', headers = NULL WHERE offset = ?`;
    this.#db.prepare(sql).run(number(newest, 'offset'));
  }
}
