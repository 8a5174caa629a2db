import type { Instant } from '@lefton/core';
import { z } from 'zod';
import { Bell } from '../runtime/bell.ts';
import type { NewRecord, Topic, TopicRecord } from '../ports.ts';
import type { Database } from '../sqlite/database.ts';
import { blob, json, nullable, number, text } from '../sqlite/row.ts';
import type { Row, Statement } from '../sqlite/statement.ts';

const NO_HEADERS: TopicRecord['headers'] = {};
const headers = z.record(z.string(), z.string());

/**
 * One topic as a table. Offsets grow by one and are never given twice: the newest record is never deleted, at most emptied
 * where its meter was forgotten, and an empty one is passed over.
 */
export class TopicLog {
  readonly topic: Topic;
  /** Rung once what was appended has committed: who follows another topic is not woken by it. */
  readonly appended = new Bell();
  readonly #insert: Statement;
  readonly #select: Statement;
  readonly #end: Statement;
  readonly #committed: Statement;
  readonly #commit: Statement;
  readonly #slowest: Statement;
  readonly #delete: Statement;

  constructor(db: Database, topic: Topic) {
    this.topic = topic;
    this.#insert = db.prepare(`INSERT INTO ${topic} (key, appended_at, value, headers) VALUES (?, ?, ?, ?)`);
    this.#select = db.prepare(
      `SELECT offset, key, appended_at, value, headers FROM ${topic}
       WHERE offset > ? AND (key <> '' OR length(value) > 0) ORDER BY offset LIMIT ?`,
    );
    this.#end = db.prepare(`SELECT max(offset) AS offset FROM ${topic}`);
    this.#committed = db.prepare('SELECT offset FROM commits WHERE consumer_group = ? AND topic = ?');
    this.#commit = db.prepare(
      'INSERT INTO commits VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET offset = excluded.offset',
    );
    this.#slowest = db.prepare('SELECT min(offset) AS offset FROM commits WHERE topic = ?');
    // only the oldest records are looked at, so that a long log costs nothing while nothing is due
    this.#delete = db.prepare(
      `DELETE FROM ${topic} WHERE offset IN (
         SELECT offset FROM (SELECT offset, appended_at FROM ${topic} ORDER BY offset LIMIT :limit)
         WHERE offset < :done AND (appended_at < :before OR offset <= :surplus))`,
    );
  }

  append(record: NewRecord, now: Instant): void {
    const headers = record.headers === undefined ? null : JSON.stringify(record.headers);
    this.#insert.run(record.key, now, record.value, headers);
  }

  /** At most `limit` records after an offset. */
  read(after: number, limit: number): TopicRecord[] {
    return this.#select.all(after, limit).map(recordOf);
  }

  /** Offset of the newest record; 0 before the first. */
  end(): number {
    return offsetOf(this.#end.get());
  }

  committed(group: string): number {
    return offsetOf(this.#committed.get(group, this.topic));
  }

  commit(group: string, offset: number): void {
    this.#commit.run(group, this.topic, offset);
  }

  /** Records that a group has not committed. */
  lag(group: string): number {
    return this.end() - this.committed(group);
  }

  /** Where nothing is left to read but a record that was emptied, it counts as read; false where there is none. */
  passEmpty(group: string): boolean {
    const end = this.end();
    if (this.committed(group) >= end) return false;
    this.commit(group, end);
    return true;
  }

  /** Records that the slowest group has not committed. */
  backlog(): number {
    return this.end() - offsetOf(this.#slowest.get(this.topic));
  }

  /**
   * Deletes at most `limit` records appended before an instant or beyond `most`; keeps the newest one, and readings
   * that are not consumed.
   */
  expire(before: Instant, most: number, limit: number): number {
    // only readings are waited for; the other topics are read by whoever cares
    const done = this.topic === 'raw_power' ? this.end() - this.backlog() : this.end();
    return this.#delete.run({ done, before, surplus: this.end() - most, limit });
  }
}

const offsetOf = (row: Row | undefined): number =>
  row === undefined ? 0 : (nullable(number, row, 'offset') ?? 0);

const recordOf = (row: Row): TopicRecord => ({
  key: text(row, 'key'),
  value: blob(row, 'value'),
  headers: row.headers === null ? NO_HEADERS : json(headers, row, 'headers'),
  appendedAt: number(row, 'appended_at'),
  position: String(number(row, 'offset')),
});
