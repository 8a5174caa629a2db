import { LeftOnError } from '@lefton/core';
import type { Reading } from '@lefton/core';
import type { ReadingCodec } from '../avro/reading-codec.ts';
import type { NewRecord, Progress, Topics } from '../ports.ts';
import { produceWhenPossible } from './patience.ts';
import { deadRecord, rawRecord } from '../raw-record.ts';

/** Whole lines of a source that nobody waits for: what is no reading goes to the dead letters. */
export class Intake {
  readonly #topics: Topics;
  readonly #codec: ReadingCodec;
  readonly #source: string;
  readonly #meter: string;
  readonly #read: (line: string) => Reading | undefined;

  /**
   * @param meter key of dead letters
   * @param read throws LeftOnError for a line that is no reading; undefined for lines that need none
   */
  constructor(
    topics: Topics,
    codec: ReadingCodec,
    source: string,
    meter: string,
    read: (line: string) => Reading | undefined,
  ) {
    this.#topics = topics;
    this.#codec = codec;
    this.#source = source;
    this.#meter = meter;
    this.#read = read;
  }

  /** Appends the lines, waiting for room. Rejects when aborted. */
  async put(lines: readonly Buffer[], signal: AbortSignal, progress?: Progress): Promise<void> {
    const records: NewRecord[] = [];
    for (const line of lines) {
      const record = this.#recordOf(line);
      if (record !== undefined) records.push(record);
    }
    await produceWhenPossible(this.#topics, records, signal, progress);
  }

  /** Appends the dead letter of bytes that are no line, waiting for room. Rejects when aborted. */
  async putDead(bytes: Uint8Array, reason: string, signal: AbortSignal, progress?: Progress): Promise<void> {
    const record = deadRecord(this.#meter, bytes, reason, this.#source);
    await produceWhenPossible(this.#topics, [record], signal, progress);
  }

  #recordOf(line: Buffer): NewRecord | undefined {
    try {
      const reading = this.#read(line.toString('utf8'));
      return reading === undefined ? undefined : rawRecord(this.#codec, reading);
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      return deadRecord(this.#meter, line, error.message, this.#source);
    }
  }
}
