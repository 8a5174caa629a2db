import type { Instant, LeftOnError } from '@lefton/core';
import type { TopicRecord } from '../../../ports.ts';
import { Walk } from './walk.ts';

const EMPTY = new Uint8Array();

/** A record in the bytes that were fetched; most of it is asked for seldom and made then. */
export class KafkaRecord implements TopicRecord {
  readonly key: string;
  readonly appendedAt: Instant;
  readonly offset: number;
  readonly #bytes: Buffer;
  readonly #valueAt: number;
  readonly #valueLength: number;
  readonly #headersAt: number;
  readonly #partition: number;
  readonly unreadable: LeftOnError | undefined;
  #value: Uint8Array | undefined;

  /**
   * @param valueLength below zero: there is none
   * @param unreadable why these bytes are no record
   */
  constructor(
    key: string,
    bytes: Buffer,
    valueAt: number,
    valueLength: number,
    headersAt: number,
    appendedAt: Instant,
    partition: number,
    offset: number,
    unreadable?: LeftOnError,
  ) {
    this.key = key;
    this.#bytes = bytes;
    this.#valueAt = valueAt;
    this.#valueLength = valueLength;
    this.#headersAt = headersAt;
    this.appendedAt = appendedAt;
    this.#partition = partition;
    this.offset = offset;
    this.unreadable = unreadable;
  }

  /** A view of all that was fetched with it. */
  get value(): Uint8Array {
    return (this.#value ??= this.isEmpty
      ? EMPTY
      : this.#bytes.subarray(this.#valueAt, this.#valueAt + this.#valueLength));
  }

  /** It has no value, as the record that has a compacted topic forget its key. */
  get isEmpty(): boolean {
    return this.#valueLength < 0;
  }

  /** `partition:offset` */
  get position(): string {
    return `${this.#partition}:${this.offset}`;
  }

  /** Of headers of the same name, all with commas between. */
  get headers(): Readonly<Record<string, string>> {
    const headers = new Map<string, string>();
    const walk = new Walk(this.#bytes, this.#headersAt);
    for (let left = walk.number(); left > 0; left--) {
      const name = textOf(walk);
      const value = textOf(walk);
      const before = headers.get(name);
      headers.set(name, before === undefined ? value : `${before},${value}`);
    }
    return Object.fromEntries(headers);
  }
}

function textOf(walk: Walk): string {
  const length = walk.number();
  const start = walk.pass(length);
  return walk.bytes.toString('utf8', start, walk.at);
}
