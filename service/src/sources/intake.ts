import { LeftOnError } from '@lefton/core';
import type { Reading } from '@lefton/core';
import type { Dead } from '../records/dead-letters.ts';
import type { NewRecord, Progress } from '../ports.ts';
import { deadRecord, rawRecord } from '../records/raw-record.ts';
import { produceWhenPossible } from './patience.ts';
import type { Destination } from './source.ts';

/** Whole lines of a source that nobody waits for: what is no reading goes to the dead letters. */
export class Intake {
  readonly #to: Destination;
  readonly #source: string;
  readonly #meter: string;
  readonly #read: (line: string) => Reading | undefined;

  /**
   * @param meter key of dead letters
   * @param read throws LeftOnError for a line that is no reading; undefined for lines that need none
   */
  constructor(to: Destination, source: string, meter: string, read: (line: string) => Reading | undefined) {
    this.#to = to;
    this.#source = source;
    this.#meter = meter;
    this.#read = read;
  }

  /** Appends the lines, waiting for room. Rejects when aborted. */
  async put(lines: readonly Buffer[], signal: AbortSignal, progress?: Progress): Promise<void> {
    const records: NewRecord[] = [];
    const dead: Dead[] = [];
    for (const line of lines) {
      try {
        const reading = this.#read(line.toString('utf8'));
        if (reading !== undefined) records.push(rawRecord(this.#to.codec, reading));
      } catch (error) {
        if (!(error instanceof LeftOnError)) throw error;
        records.push(deadRecord(this.#meter, line, error.message, this.#source));
        dead.push(this.#dead(error));
      }
    }
    await produceWhenPossible(this.#to.topics, records, signal, progress);
    this.#to.dead.tell(dead);
  }

  /** Appends the dead letter of bytes that are no line, waiting for room. Rejects when aborted. */
  async putDead(
    bytes: Uint8Array,
    fault: LeftOnError,
    signal: AbortSignal,
    progress?: Progress,
  ): Promise<void> {
    const record = deadRecord(this.#meter, bytes, fault.message, this.#source);
    await produceWhenPossible(this.#to.topics, [record], signal, progress);
    this.#to.dead.tell([this.#dead(fault)]);
  }

  #dead(fault: LeftOnError): Dead {
    return { fault, from: { source: this.#source } };
  }
}
