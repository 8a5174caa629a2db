import type { Reading } from '@lefton/core';
import type { ReadingCodec } from '../avro/reading-codec.ts';
import { learnWriter } from '../avro/codec-of.ts';
import type { Log } from '../telemetry/log.ts';
import type { Topics } from '../ports.ts';
import { rawRecord } from '../records/raw-record.ts';
import { produceWhenPossible, whenPossible } from './patience.ts';

/** Readings that waited, up to a number of their spool. */
interface Batch {
  readonly readings: readonly Reading[];
  readonly upTo: number;
}

/**
 * Takes captured readings to raw_power. How far a spool has come is stored in the transaction of its readings, so that
 * a kill between bringing and noting repeats none.
 */
export class SpooledReadings {
  readonly #topics: Topics;
  readonly #codec: ReadingCodec;
  readonly #remembers: boolean;
  readonly #log: Log;

  /** @param remembers whether the spool outlives this process */
  constructor(topics: Topics, codec: ReadingCodec, remembers: boolean, log: Log) {
    this.#topics = topics;
    this.#codec = codec;
    this.#remembers = remembers;
    this.#log = log;
  }

  /** Waits while no registry or broker answers; rejects when aborted. */
  async arrived(spool: string, signal: AbortSignal): Promise<number> {
    await learnWriter(this.#codec, this.#log, signal);
    signal.throwIfAborted();
    if (!this.#remembers) return 0;
    const position = await whenPossible(() => this.#topics.progress(sourceOf(spool)), signal);
    return Number(position ?? 0);
  }

  async take({ readings, upTo }: Batch, spool: string, signal: AbortSignal): Promise<'taken'> {
    const records = readings.map((reading) => rawRecord(this.#codec, reading));
    const progress = this.#remembers ? { source: sourceOf(spool), position: String(upTo) } : undefined;
    await produceWhenPossible(this.#topics, records, signal, progress);
    return 'taken';
  }
}

const sourceOf = (spool: string): string => `spool-${spool}`;
