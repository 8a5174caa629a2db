import type { Log } from '../../../telemetry/log.ts';
import type { ModelRecord, ModelTopics } from '../../../ports.ts';
import { KafkaClient } from '../client.ts';
import { Parcels } from '../producing/parcels.ts';
import { Producers } from '../producing/producers.ts';
import type { KafkaSettings } from '../settings.ts';

/** Whoever publishes shuts out who published before and has not ended. */
const SOURCE = 'power_model';

/** Published models on Kafka: one transaction each, so that a reader of committed records sees a whole one. */
export class KafkaModelTopics implements ModelTopics {
  readonly #client: KafkaClient;
  readonly #producers: Producers;

  constructor(settings: KafkaSettings, log: Log) {
    this.#client = new KafkaClient(settings, log);
    this.#producers = new Producers(this.#client);
  }

  /** @throws LeftOnError `topic_missing`, `kafka_denied`, `kafka_unavailable` (transient) */
  async put(records: readonly ModelRecord[]): Promise<void> {
    const parcels = new Parcels(this.#client);
    for (const { topic, key, value, from } of records) {
      const bytes = value === null ? null : Buffer.from(value);
      parcels.add(topic, { key, value: bytes, timestamp: String(from) });
    }
    await this.#producers.sendAs(SOURCE, parcels);
  }

  close(): Promise<void> {
    return this.#producers.close();
  }
}
