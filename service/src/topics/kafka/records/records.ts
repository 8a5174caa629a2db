import type { KafkaMessage } from 'kafkajs';
import { LeftOnError } from '@lefton/core';
import { brokenRecords } from './broken-records.ts';
import { RecordBatch } from './record-batch.ts';
import { KafkaRecord } from './record.ts';
import type { Texts } from './texts.ts';
import { Walk } from './walk.ts';

/** Of what cannot be read so many bytes are kept to look at. */
const LONGEST_KEPT = 65_536;
const NOTHING: ReadonlyMap<string, number> = new Map();

/** Goes through the records of what was fetched of a partition, a few at a time. */
export class Records {
  readonly #batches: readonly RecordBatch[];
  readonly #partition: number;
  readonly #texts: Texts;
  #index = -1;
  #batch: RecordBatch | undefined;
  #walk = new Walk(Buffer.alloc(0), 0);
  #left = 0;
  #from: number;

  /**
   * @param from the first offset that is wanted
   * @param texts of the keys
   */
  constructor(messages: readonly KafkaMessage[], from: number, partition: number, texts: Texts) {
    this.#batches = messages.map(batchOf);
    this.#from = from;
    this.#partition = partition;
    this.#texts = texts;
  }

  /**
   * The next records, at most so many, with offsets below `before`; none where there are no more of them.
   * @param held by key, the offset up to which nothing is wanted: a meter whose silence was told may be ahead
   */
  take(most: number, before = Infinity, held = NOTHING): KafkaRecord[] {
    const records: KafkaRecord[] = [];
    while (records.length < most) {
      const batch = this.#left > 0 ? this.#batch : this.#nextBatch();
      if (batch === undefined || !this.#readOrRefuse(batch, before, held, records)) break;
    }
    return records;
  }

  /** Reads one record. Where there is none, all that is left of the batch is one that is unreadable. */
  #readOrRefuse(
    batch: RecordBatch,
    before: number,
    held: ReadonlyMap<string, number>,
    records: KafkaRecord[],
  ): boolean {
    try {
      if (batch.unreadable !== undefined) throw batch.unreadable;
      return this.#read(batch, before, held, records);
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      if (batch.next - 1 >= before) return false;
      this.#left = 0;
      records.push(this.#unreadable(batch, error));
      return true;
    }
  }

  /** Reads one record; false where it is not below `before`, and is still to be read. */
  #read(
    batch: RecordBatch,
    before: number,
    held: ReadonlyMap<string, number>,
    records: KafkaRecord[],
  ): boolean {
    const walk = this.#walk;
    const began = walk.at;
    const length = walk.number();
    const end = walk.at + length;
    if (!(length >= 0 && end <= walk.bytes.length)) throw this.#broken(batch);
    walk.pass(1);
    const time = walk.number();
    const offset = batch.first + walk.number();
    if (offset >= before) {
      walk.at = began;
      return false;
    }
    this.#left--;
    if (offset >= this.#from) {
      const record = this.#record(batch, time, offset);
      if (walk.at > end) throw this.#broken(batch);
      if (held.size === 0 || offset >= (held.get(record.key) ?? 0)) records.push(record);
    }
    walk.at = end;
    return true;
  }

  /** The record of which key, value and headers come next. */
  #record(batch: RecordBatch, time: number, offset: number): KafkaRecord {
    const walk = this.#walk;
    const keyLength = walk.number();
    const keyAt = walk.pass(keyLength);
    const key = keyLength > 0 ? this.#texts.of(walk.bytes, keyAt, keyAt + keyLength) : '';
    const valueLength = walk.number();
    const valueAt = walk.pass(valueLength);
    return new KafkaRecord(
      ...([key, walk.bytes, valueAt, valueLength] as const),
      ...([walk.at, batch.appendedAt ?? batch.time + time, this.#partition, offset] as const),
    );
  }

  #unreadable(batch: RecordBatch, why: LeftOnError): KafkaRecord {
    const { records, appendedAt = batch.time, next } = batch;
    const length = Math.min(records.length, LONGEST_KEPT);
    return new KafkaRecord(
      ...(['', records, 0, length] as const),
      ...([records.length, appendedAt, this.#partition, next - 1, why] as const),
    );
  }

  #broken({ first }: RecordBatch): LeftOnError {
    const place = `partition ${this.#partition}, batch at offset ${first}`;
    return brokenRecords(place, 'records that end within their batch', 'one that does not');
  }

  #nextBatch(): RecordBatch | undefined {
    do this.#batch = this.#batches[++this.#index];
    while (this.#batch !== undefined && (this.#batch.next <= this.#from || this.#batch.count === 0));
    if (this.#batch === undefined) return undefined;
    this.#walk = new Walk(this.#batch.records, 0);
    this.#left = this.#batch.count;
    return this.#batch;
  }
}

function batchOf(message: KafkaMessage): RecordBatch {
  if (message instanceof RecordBatch) return message;
  throw new Error('kafkajs has unpacked its records by itself');
}
