import type { Message, TopicMessages } from 'kafkajs';
import type { NewRecord } from '../../../ports.ts';
import type { KafkaClient } from '../client.ts';

/** kafkajs puts what is sent at once to a partition into one batch, and a broker takes 1 MB. */
const PARCEL_BYTES = 512 * 1024;
/** Lengths and times of a record, at most. */
const FRAME_BYTES = 100;
/** Bytes of one UTF-16 unit in UTF-8, at most. */
const WIDEST = 3;

/** As it stands in a batch, and a little more. */
const bytesOf = ({ key, value, headers = {} }: Message): number =>
  [key, value, ...Object.entries(headers).flat()].reduce<number>(
    // a text counts as the most that it may take
    (sum, part) => sum + (typeof part === 'string' ? WIDEST * part.length : (part?.length ?? 0)),
    FRAME_BYTES,
  );

/** Records by topic, in pieces that a broker takes. */
export class Parcels implements Iterable<TopicMessages[]> {
  readonly #client: KafkaClient;
  readonly #parcels: Map<string, Message[]>[] = [];
  #bytes = Infinity;

  constructor(client: KafkaClient) {
    this.#client = client;
  }

  put({ topic, key, value, headers }: NewRecord): void {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.add(topic, { key, value: bytes, ...(headers === undefined ? {} : { headers: { ...headers } }) });
  }

  /** @param topic without the prefix */
  add(topic: string, message: Message): void {
    if (this.#bytes >= PARCEL_BYTES) {
      this.#parcels.push(new Map());
      this.#bytes = 0;
    }
    const parcel = this.#parcels.at(-1);
    const messages = parcel?.get(topic) ?? [];
    messages.push(message);
    parcel?.set(topic, messages);
    this.#bytes += bytesOf(message);
  }

  *[Symbol.iterator](): Generator<TopicMessages[]> {
    for (const parcel of this.#parcels) {
      yield [...parcel].map(([topic, messages]) => ({ topic: this.#client.name(topic), messages }));
    }
  }
}
