import { DAY } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { Database } from './database.ts';
import type { Statement } from './statement.ts';

/** Rows of one table deleted in one go, so that the loop is never held up for long. */
const PART = 5_000;

/** What is old of a meter with days of its own; :done is the last record of raw_power that is scored. */
const OLD: Readonly<Record<string, string>> = {
  raw_power: 'key = own.meter AND appended_at < :now - own.kept AND offset <= :done',
  raw_power_dead: 'key = own.meter AND appended_at < :now - own.kept',
  anomaly_power: 'key = own.meter AND appended_at < :now - own.kept',
  outbox: "outbox.meter = own.meter AND created_at < :now - own.kept AND state <> 'pending'",
  labels: `labels.episode IN (SELECT episode FROM episodes WHERE episodes.meter = own.meter
    AND closed_at < :heard - own.kept)`,
  episodes: 'episodes.meter = own.meter AND closed_at < :heard - own.kept',
};
const LOGS = ['raw_power', 'raw_power_dead', 'anomaly_power'];

/** Deletes what is older than the days that a meter has of its own: all but its readings, which have a table that knows. */
export class OwnDays {
  readonly #db: Database;
  readonly #done: Statement;
  readonly #parts: readonly Statement[];

  /**
   * @param days by meter
   * @param toldDays of what was told of all others, which the log itself keeps for the longest of these
   */
  constructor(db: Database, days: Readonly<Record<string, number>>, toldDays: number) {
    this.#db = db;
    // in memory, and gone with the process: one look through a table is for all meters
    db.prepare('CREATE TEMP TABLE own (meter TEXT PRIMARY KEY, kept INTEGER NOT NULL) STRICT').run();
    const put = db.prepare('INSERT INTO temp.own VALUES (?, ?)');
    for (const [meter, kept] of Object.entries(days)) put.run(meter, Math.round(kept * DAY));
    this.#done = db.prepare(
      "SELECT coalesce(min(offset), 0) AS offset FROM commits WHERE topic = 'raw_power'",
    );
    // offsets are never given twice: the newest record keeps its place without what was in it
    const emptied = LOGS.map(
      (log) => `UPDATE ${log} SET key = '', value = x'', headers = NULL
        WHERE offset = (SELECT max(offset) FROM ${log}) AND EXISTS (SELECT 1 FROM temp.own WHERE ${OLD[log] ?? ''})`,
    );
    const deleted = Object.entries(OLD).map(
      ([table, old]) => `DELETE FROM ${table} WHERE rowid IN (SELECT ${table}.rowid FROM ${table}
        JOIN temp.own ON ${old} ${LOGS.includes(table) ? `WHERE offset < (SELECT max(offset) FROM ${table})` : ''} LIMIT ${PART})`,
    );
    const others = `DELETE FROM anomaly_power WHERE offset IN (SELECT offset FROM anomaly_power
      WHERE appended_at < :now - ${Math.round(toldDays * DAY)} AND offset < (SELECT max(offset) FROM anomaly_power)
      AND key NOT IN (SELECT meter FROM temp.own) LIMIT ${PART})`;
    this.#parts = [...emptied, ...deleted, others].map((sql) =>
      // most ask for fewer instants than there are
      db.prepare(sql).takeAnyName(),
    );
  }

  /**
   * Deletes a part of what is old; the number of rows, 0 when nothing is left.
   * @param now of the machine, by which records and alerts are noted
   * @param heard by which readings are: another one in a replay
   */
  expire(now: Instant, heard: Instant): number {
    return this.#db.transaction(() => {
      const done = Number(this.#done.get()?.offset);
      let rows = 0;
      for (const part of this.#parts) rows += part.run({ now, heard, done });
      return rows;
    });
  }
}
