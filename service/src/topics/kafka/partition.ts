import type { KafkaMessage, Producer, RecordMetadata } from 'kafkajs';
import type { Consumer, MeterRow, Outcome, Projection } from '../../ports.ts';
import type { KafkaClient } from './client.ts';
import { Checkpoint } from './checkpoint.ts';
import { Parcels } from './parcels.ts';
import { STATE_TOPIC } from './plan.ts';
import { firstFrom, KafkaRecord } from './record.ts';
import { stateMessage } from './state-record.ts';
import type { StateRow } from './state-record.ts';
import { inTransaction, joining } from './transaction.ts';

/** Where a partition stood when it was taken over. */
export interface Standing {
  /** Offset that the group has committed: what is before it has been told. */
  readonly committed: number;
  /** First offset of the log. */
  readonly first: number;
  /** The newest row of each meter. */
  readonly rows: readonly StateRow[];
}

/**
 * One partition of the input that this process has: folds what is read and commits what comes of it, the offset and
 * now and then the states in one transaction. The transactional id belongs to the partition, so whoever takes it over
 * shuts out everybody who had it before; nothing else is needed for a record to count once.
 */
export class OwnedPartition {
  readonly id: number;
  ready = false;
  closed = false;
  /** Names of the meters that are in it. */
  readonly meters = new Set<string>();
  readonly #client: KafkaClient;
  readonly #consumer: Consumer;
  readonly #projection: Projection;
  #producer: Producer | undefined;
  #standing = 0;
  #next = 0;
  #passed = 0;
  #committed = 0;
  /** Per meter, what its row holds already. */
  #folded = new Map<string, number>();
  readonly #checkpoint: Checkpoint;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(id: number, client: KafkaClient, consumer: Consumer, projection: Projection) {
    this.id = id;
    this.#client = client;
    this.#checkpoint = new Checkpoint(client.settings);
    this.#consumer = consumer;
    this.#projection = projection;
  }

  /** The next offset to fold. */
  get next(): number {
    return this.#next;
  }

  /** Its states are not yet what they were when it was assigned: they are read, or readings are folded again. */
  get unfinished(): boolean {
    return !this.ready || Math.max(this.#next, this.#passed) < this.#committed;
  }

  /** There is nothing before `next` but markers of transactions and what was given to `take`. */
  pass(next: number): void {
    this.#passed = next;
  }

  /** Offset up to which everything has been told, markers of transactions included. */
  get committed(): number {
    return this.#committed;
  }

  /** Shuts out whoever had the partition, and waits for what that one had begun to commit. */
  async fence(): Promise<void> {
    await this.#dropProducer();
    const { group, topic } = this.#consumer;
    this.#producer = await this.#client.soleProducer(this.#client.name(`${group}-${topic}-${this.id}`));
  }

  /** Stands as it was when the rows were written; the offset from which to read on. */
  start({ committed, first, rows }: Standing): number {
    this.#consumer.restore([...this.meters, ...rows.map(({ meter }) => meter)], rows);
    this.meters.clear();
    this.#folded.clear();
    for (const row of rows) {
      this.meters.add(row.meter);
      this.#folded.set(row.meter, row.next);
    }
    this.#next = this.#checkpoint.begin(first, committed, rows);
    this.#committed = committed;
    this.#passed = 0;
    this.#standing++;
    this.ready = true;
    return this.#next;
  }

  /**
   * Folds messages and commits.
   * @param end the offset after the last of them, markers of transactions included
   * @param folded called when the messages are needed no more
   */
  async take(messages: readonly KafkaMessage[], end: number, folded: () => void): Promise<void> {
    await this.#inTurn(async () => {
      const outcomes: Outcome[] = [];
      // what was committed before is folded for the state alone
      const border = firstFrom(messages, this.#committed);
      for (let i = firstFrom(messages, this.#next); i < messages.length;) {
        const again = i < border;
        const to = Math.min(i + this.#consumer.batch, again ? border : messages.length);
        // a few at a time: what lives long enough to be moved by the collector costs more than the fold
        const records = this.#records(messages, i, to, again);
        const asked = this.#consumer.prepare(records);
        if (asked !== undefined) await asked;
        if (!this.ready) return;
        const outcome = this.#consumer.fold(records);
        for (const name of this.#consumer.newcomers()) this.meters.add(name);
        if (!again) outcomes.push(outcome);
        i = to;
      }
      this.#next = Math.max(this.#next, end);
      folded();
      if (this.#next <= this.#committed) return;
      await this.#commit(outcomes);
    });
  }

  /** Commits what no record caused, unless the partition has been taken over anew since it was made. */
  async commit(outcome: Outcome, meters: ReadonlySet<string>): Promise<void> {
    const standing = this.#standing;
    await this.#inTurn(async () => {
      if (standing !== this.#standing) return;
      await this.#commit([outcome], meters);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.ready = false;
    await this.#turn.catch(() => undefined);
    await this.#dropProducer();
  }

  #records(messages: readonly KafkaMessage[], from: number, to: number, again: boolean): KafkaRecord[] {
    const records: KafkaRecord[] = [];
    for (let i = from; i < to; i++) {
      const message = messages[i];
      if (message === undefined) continue;
      const record = new KafkaRecord(message, this.id);
      // the row of a meter whose silence was told may be ahead of the others
      if (again && Number(message.offset) < (this.#folded.get(record.key) ?? 0)) continue;
      records.push(record);
    }
    return records;
  }

  async #commit(outcomes: readonly Outcome[], meters?: ReadonlySet<string>): Promise<void> {
    const producer = this.#producer;
    if (producer === undefined) throw new Error('a partition was folded that nobody has taken over');
    const due = meters === undefined && this.#checkpoint.isDue(this.#next);
    const saved = due ? this.meters : meters;
    const rows = saved === undefined ? [] : this.#consumer.save(saved);
    const checkpoint = due ? this.#next : this.#checkpoint.offset;
    const parcels = this.#parcels(outcomes, rows, checkpoint);
    // never back to what has been told, also while that is folded again
    const told = Math.max(this.#next, this.#committed);
    const sent: RecordMetadata[] = [];
    await inTransaction(producer, async (transaction) => {
      const { group, topic } = this.#consumer;
      const partitions = [{ partition: this.id, offset: String(told) }];
      const topics = [{ topic: this.#client.name(topic), partitions }];
      // first, as it joins the transaction: after it, sending need not wait for the one before
      await joining(() => transaction.sendOffsets({ consumerGroupId: this.#client.name(group), topics }));
      for (const topicMessages of parcels)
        sent.push(...(await transaction.sendBatch({ topicMessages, acks: -1 })));
    });
    this.#client.written.note(sent);
    this.#committed = told;
    if (due) this.#checkpoint.written(checkpoint);
    for (const { changes, forgotten = [] } of outcomes) {
      for (const name of forgotten) this.#folded.delete(name);
      this.#projection.apply(changes, rows);
    }
    for (const outcome of outcomes) outcome.committed?.();
  }

  #parcels(outcomes: readonly Outcome[], rows: readonly MeterRow[], checkpoint: number): Parcels {
    const parcels = new Parcels(this.#client);
    for (const { produce } of outcomes) for (const record of produce) parcels.put(record);
    for (const { forgotten = [] } of outcomes)
      for (const key of forgotten) parcels.add(STATE_TOPIC, { key, value: null, partition: this.id });
    for (const row of rows)
      parcels.add(STATE_TOPIC, stateMessage({ ...row, next: this.#next, checkpoint }, this.id));
    return parcels;
  }

  /** One after the other: a producer has one transaction at a time, and a fold belongs to its commit. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn
      .catch(() => undefined)
      .then(async () => {
        // given up, or what was folded before did not commit: nothing stands on that
        if (!this.ready) return;
        try {
          await work();
        } catch (error) {
          this.ready = false;
          throw error;
        }
      });
    this.#turn = mine;
    await mine;
  }

  async #dropProducer(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }
}
