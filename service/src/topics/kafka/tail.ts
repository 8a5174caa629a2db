import type { EachBatchPayload } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import type { Log } from '../../telemetry/log.ts';
import type { TopicRecord } from '../../ports.ts';
import { Bell } from '../../runtime/bell.ts';
import { BegunAnew } from './begun-anew.ts';
import type { KafkaClient } from './client.ts';
import { faultOf } from './fault.ts';
import { FetchPlace } from './fetch-place.ts';
import { Membership } from './group/membership.ts';
import type { Member } from './group/membership.ts';
import type { KafkaRecord } from './records/record.ts';
import { Records } from './records/records.ts';
import { Texts } from './records/texts.ts';

/** Batches that wait to be taken; more are not read. */
const WAITING = 4;

/** The next offset of each partition, as a text: `0:12,1:7`. */
export type Places = Map<number, number>;

export function placesOf(position: string): Places {
  const pairs = position.split(',').map((pair) => pair.split(':').map(Number));
  return new Map(pairs.map(([partition = NaN, next = NaN]) => [partition, next]));
}

export const positionOf = (places: Places): string =>
  [...places].map(([partition, next]) => `${partition}:${next}`).join(',');

/** Everything before the ends has been read. */
export const isAt = (places: Places, ends: Places): boolean =>
  [...ends].every(([partition, end]) => (places.get(partition) ?? 0) >= end);

/** A record with the places after it. */
class TailedRecord implements TopicRecord {
  readonly #record: KafkaRecord;
  readonly position: string;

  constructor(record: KafkaRecord, position: string) {
    this.#record = record;
    this.position = position;
  }

  get key(): string {
    return this.#record.key;
  }

  get value(): Uint8Array {
    return this.#record.value;
  }

  get headers(): TopicRecord['headers'] {
    return this.#record.headers;
  }

  get appendedAt(): number {
    return this.#record.appendedAt;
  }
}

/** What was read at once; no records where there were only markers of transactions. */
interface Tailed {
  readonly records: readonly TopicRecord[];
  /** The places after them. */
  readonly after: Places;
}

/** Reads a whole topic from given places on, alone and without committing anything. */
export class Tail {
  readonly #places: Places;
  /** Of the partitions that have a place. */
  readonly #fetches = new Map<number, FetchPlace>();
  readonly #topic: string;
  readonly #log: Log;
  readonly #membership: Membership;
  readonly #arrived = new Bell();
  readonly #taken = new Bell();
  readonly #waiting: Tailed[] = [];
  /** Of the keys. */
  readonly #texts = new Texts();
  #fault: unknown;

  /** @param topic with the prefix */
  constructor(client: KafkaClient, topic: string, from: Places, log: Log) {
    this.#topic = topic;
    this.#log = log;
    this.#places = new Map(from);
    // kafkajs reads only as a member of a group: one of its own, which goes away when it is left
    this.#membership = new Membership(client, client.name(`tail-${randomUUID()}`), [topic], log);
  }

  /** Why nothing is read now; undefined while all is well. */
  trouble(): string | undefined {
    return this.#membership.trouble();
  }

  /** @throws BegunAnew where the topic is another than the one that the places are of */
  async *read(signal: AbortSignal): AsyncGenerator<Tailed> {
    const leaving = new AbortController();
    const over = AbortSignal.any([signal, leaving.signal]);
    const member: Member = {
      joined: (_assigned, consumer) => {
        for (const [partition, next] of this.#places) {
          const fetch = this.#fetches.get(partition) ?? new FetchPlace();
          this.#fetches.set(partition, fetch);
          fetch.seek(next);
          consumer.seek({ topic: this.#topic, partition, offset: String(next) });
        }
      },
      read: (payload) => this.#put(payload, over),
      reached: (_topic, partition, next) => {
        this.#fetches.get(partition)?.pass(next);
        if (next <= (this.#places.get(partition) ?? 0)) return;
        this.#places.set(partition, next);
        this.#push([]);
      },
      left: () => Promise.resolve(),
    };
    const running = this.#membership.run(member, 1, over).catch((error: unknown) => {
      this.#fault = error;
      this.#arrived.ring();
    });
    try {
      while (!signal.aborted) {
        if (this.#fault !== undefined) throw faultOf(this.#fault, this.#topic);
        const batch = this.#waiting.shift();
        if (batch === undefined) await this.#arrived.next(signal);
        else {
          this.#taken.ring();
          yield batch;
        }
      }
    } finally {
      leaving.abort();
      await running;
    }
  }

  async #put(payload: EachBatchPayload, signal: AbortSignal): Promise<void> {
    const { batch } = payload;
    const { partition, messages } = batch;
    const jump = this.#fetches.get(partition)?.arrive(batch) ?? 0;
    while (this.#waiting.length >= WAITING && !signal.aborted) {
      await Promise.race([this.#taken.next(signal), heartbeatSoon(payload)]);
    }
    const next = this.#places.get(partition) ?? 0;
    if (jump < 0) {
      this.#fault = new BegunAnew(this.#topic, partition, next);
      this.#arrived.ring();
      return;
    }
    if (jump > 0)
      this.#log.warn('records were deleted before they were read', {
        ...{ topic: this.#topic, partition, records: jump },
      });
    const fresh = new Records(messages, next, partition, this.#texts);
    const records = fresh.take(Infinity).flatMap((record) => {
      this.#places.set(partition, record.offset + 1);
      return record.unreadable === undefined ? [new TailedRecord(record, positionOf(this.#places))] : [];
    });
    payload.resolveOffset(batch.lastOffset());
    if (records.length > 0) this.#push(records);
  }

  #push(records: readonly TopicRecord[]): void {
    this.#waiting.push({ records, after: new Map(this.#places) });
    this.#arrived.ring();
  }
}

/** A reader that takes its time is still a member. */
async function heartbeatSoon(payload: EachBatchPayload): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await payload.heartbeat();
}
