import { DAY, isTransient, LeftOnError } from '@lefton/core';
import type { Instant } from '@lefton/core';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Log } from '../telemetry/log.ts';
import type {
  Clock,
  Consumer,
  NewRecord,
  Outcome,
  Progress,
  Projection,
  Topic,
  TopicRecord,
  Topics,
} from '../ports.ts';
import type { Database } from '../sqlite/database.ts';
import { text } from '../sqlite/row.ts';
import type { Statement } from '../sqlite/statement.ts';
import { Bell } from '../runtime/bell.ts';
import { defaultLogLimits } from './log-limits.ts';
import type { LogLimits } from './log-limits.ts';
import { TopicLog } from './topic-log.ts';
import { Unwritten } from './unwritten.ts';

const FOLLOW_BATCH = 500;
const EXPIRE_BATCH = 5_000;
const RETRY_MS = 1_000;

/** The embedded transport: logs, offsets and the projections of a batch in one SQLite transaction. */
export class SqliteTopics implements Topics {
  readonly #db: Database;
  readonly #projection: Projection;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #limits: LogLimits;
  readonly #logs: Readonly<Record<Topic, TopicLog>>;
  readonly #progress: Statement;
  readonly #saveProgress: Statement;
  readonly #consumed = new Bell();
  readonly #unwritten: Unwritten;

  constructor(
    db: Database,
    projection: Projection,
    clock: Clock,
    log: Log,
    limits: LogLimits = defaultLogLimits,
  ) {
    this.#db = db;
    this.#projection = projection;
    this.#clock = clock;
    this.#log = log;
    this.#limits = limits;
    this.#unwritten = new Unwritten(clock);
    this.#progress = db.prepare('SELECT position FROM progress WHERE source = ?');
    this.#saveProgress = db.prepare(
      'INSERT INTO progress VALUES (?, ?) ON CONFLICT DO UPDATE SET position = excluded.position',
    );
    this.#logs = {
      raw_power: new TopicLog(db, 'raw_power'),
      raw_power_dead: new TopicLog(db, 'raw_power_dead'),
      anomaly_power: new TopicLog(db, 'anomaly_power'),
    };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a fault is a rejection, as with any other transport
  async produce(records: readonly NewRecord[], progress?: Progress): Promise<void> {
    if (this.#isFull() && records.some(({ topic }) => topic === 'raw_power')) {
      throw new LeftOnError({
        code: 'log_full',
        place: 'raw_power',
        expected: `fewer than ${this.#limits.maxLag} readings not yet scored`,
        found: `${this.#logs.raw_power.backlog()}`,
        faultClass: 'transient',
      });
    }
    this.#write('producer', () => {
      this.#append(records);
      if (progress !== undefined) this.#saveProgress.run(progress.source, progress.position);
    });
    this.#ring(records);
  }

  async room(signal: AbortSignal): Promise<void> {
    while (this.#isFull()) {
      await this.#consumed.next(signal);
      signal.throwIfAborted();
    }
  }

  async caughtUp(group: string, topic: Topic, signal: AbortSignal): Promise<void> {
    // looked at without waiting: what is folded between a look and the wait for the next would be missed
    while (this.#logs[topic].lag(group) > 0) {
      await this.#consumed.next(signal);
      signal.throwIfAborted();
    }
  }

  progress(source: string): Promise<string | undefined> {
    const row = this.#progress.get(source);
    return Promise.resolve(row === undefined ? undefined : text(row, 'position'));
  }

  async consume(consumer: Consumer, signal: AbortSignal): Promise<void> {
    const log = this.#logs[consumer.topic];
    while (!signal.aborted) {
      try {
        const records = log.read(log.committed(consumer.group), consumer.batch);
        if (records.length === 0) {
          if (log.passEmpty(consumer.group)) this.#consumed.ring();
          else await log.appended.next(signal);
          continue;
        }
        await consumer.prepare(records);
        this.#foldBatch(consumer, records);
        await setImmediate();
      } catch (error) {
        if (!isTransient(error)) throw error;
        this.#log.warn('a batch did not commit and is tried again', { code: error.code, why: error.message });
        await setTimeout(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a fault is a rejection, as with any other transport
  async commit(consumer: Consumer, outcomes: readonly Outcome[]): Promise<void> {
    try {
      this.#write(`${consumer.group} between batches`, () => {
        for (const outcome of outcomes) this.#take(outcome, consumer);
      });
    } catch (error) {
      consumer.forget();
      throw error;
    }
    for (const outcome of outcomes) outcome.committed?.();
    this.#ring(outcomes.flatMap(({ produce }) => produce));
  }

  async *follow(
    topic: Topic,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<readonly TopicRecord[]> {
    const log = this.#logs[topic];
    let offset = Math.min(log.end(), Number(after ?? Infinity));
    while (!signal.aborted) {
      const records = log.read(offset, FOLLOW_BATCH);
      const last = records.at(-1);
      if (last === undefined) await log.appended.next(signal);
      else {
        offset = Number(last.position);
        yield records;
      }
    }
  }

  lag(group: string, topic: Topic): Promise<number> {
    return Promise.resolve(this.#logs[topic].lag(group));
  }

  trouble(): string | undefined {
    return this.#unwritten.why;
  }

  /** Deletes what is older than the retention, a part at a time; the number of records deleted. */
  expire(now: Instant): number {
    const { retentionDays, maxRecords } = this.#limits;
    return this.#db.transaction(() => {
      let deleted = 0;
      for (const log of Object.values(this.#logs))
        deleted += log.expire(now - retentionDays[log.topic] * DAY, maxRecords, EXPIRE_BATCH);
      return deleted;
    });
  }

  #isFull(): boolean {
    return this.#logs.raw_power.backlog() >= this.#limits.maxLag;
  }

  #foldBatch(consumer: Consumer, records: readonly TopicRecord[]): void {
    const log = this.#logs[consumer.topic];
    let outcome: Outcome;
    try {
      outcome = this.#write(consumer.group, () => {
        const folded = consumer.fold(records);
        this.#take(folded, consumer);
        log.commit(consumer.group, Number(records.at(-1)?.position));
        return folded;
      });
    } catch (error) {
      consumer.forget();
      throw error;
    }
    outcome.committed?.();
    this.#consumed.ring();
    this.#ring(outcome.produce);
  }

  #write<T>(who: string, work: () => T): T {
    return this.#unwritten.tried(who, () => this.#db.transaction(work));
  }

  #take({ produce, changes }: Outcome, consumer: Consumer): void {
    this.#append(produce);
    this.#projection.apply(changes, consumer.save());
  }

  #ring(records: readonly NewRecord[]): void {
    for (const topic of new Set(records.map((record) => record.topic))) this.#logs[topic].appended.ring();
  }

  #append(records: readonly NewRecord[]): void {
    const now = this.#clock.now();
    for (const record of records) this.#logs[record.topic].append(record, now);
  }
}
