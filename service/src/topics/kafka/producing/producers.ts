import type { Producer } from 'kafkajs';
import type { KafkaClient } from '../client.ts';
import { faultOf } from '../fault.ts';
import type { Parcels } from './parcels.ts';
import { inTransaction } from './transaction.ts';

/** The producer of what has no source with progress. */
const ANYBODY = '';

/** Idempotent producers, connected when first needed and made anew after a fault: one for all, one for each source. */
export class Producers {
  readonly #client: KafkaClient;
  readonly #made = new Map<string, Promise<Producer>>();

  constructor(client: KafkaClient) {
    this.#client = client;
  }

  /** @throws LeftOnError when the records were not taken; some of them may have been */
  async send(parcels: Parcels): Promise<void> {
    await this.#with(ANYBODY, async (producer) => {
      for (const topicMessages of parcels) await producer.sendBatch({ topicMessages, acks: -1 });
    });
  }

  /** All or nothing, in a transaction of the source's own. */
  async sendAs(source: string, parcels: Parcels): Promise<void> {
    await this.#with(source, (producer) =>
      inTransaction(producer, async (transaction) => {
        for (const topicMessages of parcels) await transaction.sendBatch({ topicMessages, acks: -1 });
      }),
    );
  }

  /** What another process had begun to write for this source is over when it resolves. */
  async shutOutOlder(source: string): Promise<void> {
    await this.#with(source, () => Promise.resolve());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#made.keys()].map((source) => this.#forget(source)));
  }

  async #with(source: string, work: (producer: Producer) => Promise<void>): Promise<void> {
    const present = this.#made.get(source) ?? this.#make(source);
    this.#made.set(source, present);
    try {
      await work(await present);
    } catch (error) {
      await this.#forget(source);
      throw faultOf(error, 'produce');
    }
  }

  async #make(source: string): Promise<Producer> {
    if (source !== ANYBODY) return this.#client.soleProducer(this.#client.name(`source-${source}`));
    const producer = this.#client.producer();
    await producer.connect();
    return producer;
  }

  async #forget(source: string): Promise<void> {
    const producer = this.#made.get(source);
    this.#made.delete(source);
    await producer?.then((made) => made.disconnect()).catch(() => undefined);
  }
}
