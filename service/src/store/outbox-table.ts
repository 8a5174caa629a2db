import type { AnomalyRecord, Instant } from '@lefton/core';
import type { StatementSync } from 'node:sqlite';
import type { Alert } from '../ports.ts';
import type { Deliveries, Delivery, DeliveryState } from '../store-ports.ts';
import type { Database } from '../sqlite/database.ts';

/** Alerts on their way to people. The key (episode, event, channel) is there once and for all. */
export class OutboxTable implements Deliveries {
  readonly #insert: StatementSync;
  readonly #due: StatementSync;
  readonly #begin: StatementSync;
  readonly #retry: StatementSync;
  readonly #settle: StatementSync;
  readonly #counts: StatementSync;
  readonly #delete: StatementSync;

  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare(
      `INSERT INTO outbox (episode, event, channel, record, text, zone, created_at, due_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#due = db.prepare(
      `SELECT id, episode, event, channel, record, text, zone, created_at, attempts, begun FROM outbox
       WHERE state = 'pending' AND due_at <= ? ORDER BY due_at, id LIMIT ?`,
    );
    this.#begin = db.prepare('UPDATE outbox SET begun = 1, attempts = attempts + 1 WHERE id = ?');
    this.#retry = db.prepare('UPDATE outbox SET begun = 0, due_at = ?, note = ? WHERE id = ?');
    this.#settle = db.prepare(
      'UPDATE outbox SET begun = 0, state = ?, note = ?, settled_at = ? WHERE id = ?',
    );
    this.#counts = db.prepare('SELECT channel, state, count(*) AS count FROM outbox GROUP BY channel, state');
    this.#delete = db.prepare("DELETE FROM outbox WHERE state <> 'pending' AND settled_at < ?");
  }

  insert(alert: Alert, now: Instant): void {
    const { episode, event, channel, record, text, zone } = alert;
    this.#insert.run(episode, event, channel, JSON.stringify(record), text, zone, now, now);
  }

  due(now: Instant, limit: number): Delivery[] {
    return this.#due.all(now, limit).map(deliveryOf);
  }

  begin(id: number): void {
    this.#db.write(() => this.#begin.run(id));
  }

  retry(id: number, at: Instant, why: string): void {
    this.#db.write(() => this.#retry.run(at, why, id));
  }

  settle(id: number, state: Exclude<DeliveryState, 'pending'>, note: string, at: Instant): void {
    this.#db.write(() => this.#settle.run(state, note, at, id));
  }

  counts(): { channel: string; state: DeliveryState; count: number }[] {
    return this.#counts.all().map((row) => ({
      channel: row.channel as string,
      state: row.state as DeliveryState,
      count: row.count as number,
    }));
  }

  expire(before: Instant): number {
    return Number(this.#db.write(() => this.#delete.run(before)).changes);
  }
}

function deliveryOf(row: Record<string, unknown>): Delivery {
  return {
    id: row.id as number,
    episode: row.episode as string,
    event: row.event as string,
    channel: row.channel as string,
    record: JSON.parse(row.record as string) as AnomalyRecord,
    text: row.text as string,
    zone: row.zone as string,
    createdAt: row.created_at as number,
    attempts: row.attempts as number,
    interrupted: row.begun === 1,
  };
}
