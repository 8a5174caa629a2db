import type { Instant } from '@lefton/core';
import type { KafkaMessage } from 'kafkajs';
import type { TopicRecord } from '../../ports.ts';

const EMPTY = new Uint8Array();

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
    return Number(this.#message.timestamp);
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
