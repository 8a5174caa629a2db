import type { Instant } from '@lefton/core';
import type { KafkaMessage } from 'kafkajs';
import type { TopicRecord } from '../../ports.ts';

const EMPTY = new Uint8Array();
/** Records that came together have the same instant, and its text need be read once. */
let lastText = '';
let lastInstant: Instant = NaN;

/** A message as the ports know records; most of it is asked for seldom and made then. */
export class KafkaRecord implements TopicRecord {
  readonly key: string;
  readonly #message: KafkaMessage;
  readonly #partition: number;

  constructor(message: KafkaMessage, partition: number) {
    this.#message = message;
    this.#partition = partition;
    this.key = keyOf(message);
  }

  get value(): Uint8Array {
    return this.#message.value ?? EMPTY;
  }

  get appendedAt(): Instant {
    const { timestamp } = this.#message;
    if (timestamp !== lastText) {
      lastText = timestamp;
      lastInstant = Number(timestamp);
    }
    return lastInstant;
  }

  /** `partition:offset` */
  get position(): string {
    return `${this.#partition}:${this.#message.offset}`;
  }

  get headers(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.#message.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
  }
}

export const keyOf = ({ key }: KafkaMessage): string => (key === null ? '' : key.toString('utf8'));

/** Where the messages at or after an offset begin. */
export function firstFrom(messages: readonly KafkaMessage[], offset: number): number {
  let [low, high] = [0, messages.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(messages[middle]?.offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Records of messages from..to.
 * @param folded by meter, the offset up to which its state holds them already: a meter whose silence was told may be ahead
 */
export function recordsOf(
  messages: readonly KafkaMessage[],
  from: number,
  to: number,
  partition: number,
  folded: ReadonlyMap<string, number>,
): KafkaRecord[] {
  const records: KafkaRecord[] = [];
  for (let i = from; i < to; i++) {
    const message = messages[i];
    if (message === undefined) continue;
    const record = new KafkaRecord(message, partition);
    if (folded.size > 0 && Number(message.offset) < (folded.get(record.key) ?? 0)) continue;
    records.push(record);
  }
  return records;
}
