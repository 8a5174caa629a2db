import type { Producer, RecordMetadata } from 'kafkajs';
import type { Consumer, MeterRow, Outcome } from '../../../ports.ts';
import type { KafkaClient } from '../client.ts';
import { Parcels } from '../producing/parcels.ts';
import { STATE_TOPIC } from '../admin/plan.ts';
import { checkpointMessage, stateMessage } from './state-record.ts';
import { inTransaction, joining } from '../producing/transaction.ts';

/** Offsets of a partition's input that a commit stands for. */
interface CommitPlace {
  /** The next to fold. */
  readonly next: number;
  /** Where the newest states of all its meters stand. */
  readonly checkpoint: number;
  /** Up to which everything has been told. */
  readonly told: number;
  /** The checkpoint is a new one, and to be written also where no state goes along. */
  readonly due: boolean;
}

/**
 * Commits what was folded of one partition of the input: records, the offset and states in one transaction. The
 * transactional id belongs to the partition, so whoever takes it over shuts out everybody who had it before.
 */
export class Committer {
  readonly #id: number;
  readonly #client: KafkaClient;
  readonly #consumer: Consumer;
  #producer: Producer | undefined;

  constructor(id: number, client: KafkaClient, consumer: Consumer) {
    this.#id = id;
    this.#client = client;
    this.#consumer = consumer;
  }

  /** Shuts out whoever had the partition, and waits for what that one had begun to commit. */
  async fence(): Promise<void> {
    await this.close();
    const { group, topic } = this.#consumer;
    this.#producer = await this.#client.soleProducer(this.#client.name(`${group}-${topic}-${this.#id}`));
  }

  /** All of it or nothing; when it fails, what was folded is to be folded again from what did commit. */
  async commit(outcomes: readonly Outcome[], rows: readonly MeterRow[], place: CommitPlace): Promise<void> {
    const producer = this.#producer;
    if (producer === undefined) throw new Error('a partition was folded that nobody has taken over');
    const parcels = this.#parcels(outcomes, rows, place);
    const sent: RecordMetadata[] = [];
    await inTransaction(producer, async (transaction) => {
      const { group, topic } = this.#consumer;
      const partitions = [{ partition: this.#id, offset: String(place.told) }];
      const topics = [{ topic: this.#client.name(topic), partitions }];
      // first, as it joins the transaction: after it, sending need not wait for the one before
      await joining(() => transaction.sendOffsets({ consumerGroupId: this.#client.name(group), topics }));
      for (const topicMessages of parcels)
        sent.push(...(await transaction.sendBatch({ topicMessages, acks: -1 })));
    });
    this.#client.written.note(sent);
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }

  #parcels(
    outcomes: readonly Outcome[],
    rows: readonly MeterRow[],
    { next, checkpoint, due }: CommitPlace,
  ): Parcels {
    const parcels = new Parcels(this.#client);
    for (const { produce } of outcomes) for (const record of produce) parcels.put(record);
    for (const { forgotten = [] } of outcomes)
      for (const key of forgotten) parcels.add(STATE_TOPIC, { key, value: null, partition: this.#id });
    for (const row of rows) parcels.add(STATE_TOPIC, stateMessage({ ...row, next, checkpoint }, this.#id));
    if (due && rows.length === 0) parcels.add(STATE_TOPIC, checkpointMessage(checkpoint, this.#id));
    return parcels;
  }
}
