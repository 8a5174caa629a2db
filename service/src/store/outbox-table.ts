import { parseInstant } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { Alert } from '../ports.ts';
import type {
  ClosedChannel,
  Deliveries,
  Delivery,
  DeliveryPast,
  DeliveryQuery,
  DeliveryState,
  DeliveryView,
  Hold,
  PastSince,
} from '../outbox-ports.ts';
import { LONGEST_WAIT_MS } from '../outbox-ports.ts';
import type { Database } from '../sqlite/database.ts';
import { number, oneOf, text } from '../sqlite/row.ts';
import type { Statement } from '../sqlite/statement.ts';
import { DELIVERY_STATES, deliveryOf, recordOf, viewOf } from './outbox-row.ts';

/** What is due later than any wait can end was put off before the clock was set back: it is due now. */
const DUE = `(due_at <= :now OR (due_at > :now + ${LONGEST_WAIT_MS} AND NOT EXISTS (
  SELECT 1 FROM closed_channels AS closed WHERE closed.channel = outbox.channel AND due_at <= closed.until)))`;

/** Alerts on their way to people. The key (episode, event, channel) is there once and for all. */
export class OutboxTable implements Deliveries {
  readonly #db: Database;
  readonly #statements = new Map<string, Statement>();

  constructor(db: Database) {
    this.#db = db;
  }

  insert({ episode, event, channel, record, zone, trace }: Alert, now: Instant): void {
    this.#sql(
      `INSERT INTO outbox (episode, event, channel, meter, at, record, zone, created_at, due_at, trace)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ).run(
      ...[episode, event, channel, record.meter, parseInstant(record.at) ?? now],
      ...[JSON.stringify(record), zone, now, now, trace ?? null],
    );
  }

  channelsDue(now: Instant): string[] {
    const sql = `SELECT DISTINCT channel FROM outbox INDEXED BY outbox_pending WHERE state = 'pending' AND ${DUE}`;
    return this.#sql(sql)
      .all({ now })
      .map((row) => text(row, 'channel'));
  }

  due(channel: string, now: Instant, limit: number): Delivery[] {
    return this.#sql(
      `SELECT * FROM outbox WHERE state = 'pending' AND channel = :channel AND ${DUE} ORDER BY at, id LIMIT :limit`,
    )
      .all({ channel, now, limit })
      .map(deliveryOf);
  }

  past({ id, episode, event, channel, record }: Delivery, since: PastSince, now: Instant): DeliveryPast {
    const onset = this.#sql(
      `SELECT told_at, record FROM outbox INDEXED BY outbox_told
       WHERE channel = ? AND state = 'sent' AND told_at BETWEEN ? AND ? AND meter = ? AND episode <> ? AND event = ?
       ORDER BY told_at DESC LIMIT 1`,
    ).get(channel, since.onset, now, record.meter, episode, event);
    // an episode and a silence that begin at the same instant have the same id
    const newer = this.#sql(
      `SELECT 1 AS yes FROM outbox WHERE episode = :episode AND channel = :channel
         AND (event IN ('meter_silent', 'meter_back')) = (:event IN ('meter_silent', 'meter_back'))
         AND (at, id) > (SELECT at, id FROM outbox WHERE id = :id)`,
    ).get({ episode, channel, event, id });
    const messages = this.#sql(
      `SELECT told_at, coalesce(message, id) AS message FROM outbox INDEXED BY outbox_told
       WHERE channel = ? AND state = 'sent' AND told_at BETWEEN ? AND ? GROUP BY 2 ORDER BY told_at`,
    );
    return {
      overtaken: newer !== undefined,
      lastOnset: onset === undefined ? null : { toldAt: number(onset, 'told_at'), record: recordOf(onset) },
      lastHour: messages.all(channel, since.hour, now).map((row) => number(row, 'told_at')),
      thisMonth: messages.all(channel, since.month, now).length,
    };
  }

  hold(holds: readonly Hold[]): void {
    if (holds.length === 0) return;
    this.#db.transaction(() => {
      const update = this.#sql('UPDATE outbox SET held = 1, due_at = ?, note = ? WHERE id = ?');
      for (const { id, dueAt, why } of holds) update.run(dueAt, why, id);
    });
  }

  begin(ids: readonly number[], message: string, at: Instant): void {
    this.#write(
      `UPDATE outbox SET begun = 1, attempts = attempts + 1, message = ?,
         first_attempt_at = coalesce(first_attempt_at, ?) WHERE id = ?`,
      ids,
      message,
      at,
    );
  }

  retry(ids: readonly number[], at: Instant, why: string, asOne: boolean): void {
    const sql = 'UPDATE outbox SET begun = iif(?, begun, 0), due_at = ?, note = ? WHERE id = ?';
    this.#write(sql, ids, asOne ? 1 : 0, at, why);
  }

  giveUp({ id, standsIn }: Delivery, state: 'dropped' | 'expired', why: string, at: Instant): boolean {
    const sql = `UPDATE outbox SET begun = 0, state = ?, note = ?, settled_at = ?
      WHERE id = ? AND state = 'pending' AND stands_in IS ?`;
    return this.#sql(sql).run(state, why, at, id, standsIn) > 0;
  }

  settle(
    ids: readonly number[],
    state: Exclude<DeliveryState, 'pending'>,
    note: string,
    at: Instant,
    toldAt?: Instant,
  ): void {
    const sql = 'UPDATE outbox SET begun = 0, state = ?, note = ?, settled_at = ?, told_at = ? WHERE id = ?';
    this.#write(sql, ids, state, note, at, toldAt ?? null);
  }

  standIn({ episode, event, channel, record, zone, trace }: Delivery, other: string, now: Instant): boolean {
    this.#sql(
      `INSERT INTO outbox (episode, event, channel, meter, at, record, zone, stands_in, created_at, due_at, trace)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET state = 'pending', stands_in = coalesce(stands_in, excluded.stands_in),
         due_at = iif(state = 'dropped', excluded.due_at, due_at) WHERE state IN ('pending', 'dropped')`,
    ).run(
      ...[episode, event, other, record.meter, parseInstant(record.at) ?? now],
      ...[JSON.stringify(record), zone, channel, now, now, trace ?? null],
    );
    const state = this.#stateOf(episode, event, other);
    return state === 'pending' || state === 'sent';
  }

  close(channel: string, until: Instant | null, why: string): void {
    if (until === null) this.#sql('DELETE FROM closed_channels WHERE channel = ?').run(channel);
    else this.#sql('INSERT OR REPLACE INTO closed_channels VALUES (?, ?, ?)').run(channel, until, why);
  }

  closed(): ClosedChannel[] {
    return this.#sql('SELECT channel, until, why FROM closed_channels')
      .all()
      .map((row) => ({ channel: text(row, 'channel'), until: number(row, 'until'), why: text(row, 'why') }));
  }

  list({ meter, episodes, limit }: DeliveryQuery): DeliveryView[] {
    const wanted = [
      ...(meter === undefined ? [] : ['meter = ?']),
      ...(episodes === undefined ? [] : ['episode IN (SELECT value FROM json_each(?))']),
    ];
    const where = wanted.length === 0 ? '' : `WHERE ${wanted.join(' AND ')}`;
    return this.#sql(`SELECT * FROM outbox ${where} ORDER BY id DESC LIMIT ?`)
      .all(
        ...(meter === undefined ? [] : [meter]),
        ...(episodes === undefined ? [] : [JSON.stringify(episodes)]),
        limit,
      )
      .map(viewOf);
  }

  counts(): { channel: string; state: DeliveryState; count: number }[] {
    return this.#sql('SELECT channel, state, count(*) AS count FROM outbox GROUP BY state, channel')
      .all()
      .map((row) => ({
        channel: text(row, 'channel'),
        state: oneOf(DELIVERY_STATES, row, 'state'),
        count: number(row, 'count'),
      }));
  }

  oldestWaiting(): { channel: string; since: Instant }[] {
    const sql = `SELECT channel, min(created_at) AS since FROM outbox INDEXED BY outbox_pending
      WHERE state = 'pending' AND held = 0 GROUP BY channel`;
    return this.#sql(sql)
      .all()
      .map((row) => ({ channel: text(row, 'channel'), since: number(row, 'since') }));
  }

  /** @param others JSON of the meters whose alerts stay */
  expire(before: Instant, limit: number, others: string): number {
    const sql = `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state <> 'pending' AND settled_at < ?
      AND meter NOT IN (SELECT value FROM json_each(?)) LIMIT ?)`;
    return this.#sql(sql).run(before, others, limit);
  }

  #stateOf(episode: string, event: string, channel: string): DeliveryState | undefined {
    const sql = 'SELECT state FROM outbox WHERE episode = ? AND event = ? AND channel = ?';
    const row = this.#sql(sql).get(episode, event, channel);
    return row === undefined ? undefined : oneOf(DELIVERY_STATES, row, 'state');
  }

  /** One change to all rows of a message, or to none; the id is the last parameter. */
  #write(sql: string, ids: readonly number[], ...values: (string | number | null)[]): void {
    if (ids.length === 0) return;
    this.#db.transaction(() => {
      for (const id of ids) this.#sql(sql).run(...values, id);
    });
  }

  #sql(sql: string): Statement {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}
