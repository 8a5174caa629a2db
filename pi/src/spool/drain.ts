import { isTransient } from '@lefton/core';
import { Backoff } from '../link/backoff.ts';
import type { CaptureLog, Pause } from '../capture-log.ts';
import type { Destination, Outcome } from '../destination.ts';
import type { Batch, Spool } from './spool.ts';

/** Readings of a batch. */
const BATCH = 500;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** How fast a spool empties. */
export interface Pace {
  /** Readings, at most. */
  readonly perSecond: number;
  /** Between two batches, at least: what comes meanwhile leaves together. */
  readonly gatherMs: number;
}

/**
 * Brings what is in a spool to a destination, oldest first, at a bounded rate: after an outage a small machine and a
 * small link have more to do than to catch up. A reading that is refused for itself is counted and left behind.
 */
export class Drain {
  readonly #spool: Spool;
  readonly #destination: Destination;
  readonly #pace: Pace;
  readonly #pause: Pause;
  readonly #log: CaptureLog;
  readonly #backoff = new Backoff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
  #wake: () => void = () => undefined;
  #taken = 0;
  #refused = 0;

  constructor(spool: Spool, destination: Destination, pace: Pace, pause: Pause, log: CaptureLog) {
    this.#spool = spool;
    this.#destination = destination;
    this.#pace = pace;
    this.#pause = pause;
    this.#log = log;
  }

  get counts(): { readonly taken: number; readonly refused: number } {
    return { taken: this.#taken, refused: this.#refused };
  }

  /** There is something to bring. */
  wake(): void {
    this.#wake();
  }

  /** Until aborted; with `empty`, until nothing waits. Rejects on a fault that does not pass. */
  async run(signal: AbortSignal, empty: () => boolean = () => false): Promise<void> {
    const arrived = await this.#destination.arrived(this.#spool.id, signal);
    await this.#whenPossible(() => {
      this.#spool.delivered(arrived);
    }, signal);
    while (!signal.aborted) {
      const batch = await this.#whenPossible(() => this.#spool.oldest(BATCH), signal);
      if (batch !== undefined) await this.#bring(batch, signal);
      else if (empty()) return;
      else await this.#awoken(signal);
    }
  }

  async #bring(batch: Batch, signal: AbortSignal): Promise<void> {
    const outcome = await this.#offer(batch, signal);
    if (outcome === undefined) return;
    this.#backoff.reset();
    await this.#whenPossible(() => {
      this.#spool.delivered(batch.upTo);
    }, signal);
    const { perSecond, gatherMs } = this.#pace;
    const most = this.#spool.size > 0 ? (batch.readings.length / perSecond) * 1_000 : 0;
    const wait = Math.max(most, gatherMs);
    if (wait > 0) await this.#pause(wait, signal);
  }

  /** The batch, or in pieces until it is known which readings are refused; undefined when it is to be tried again. */
  async #offer(batch: Batch, signal: AbortSignal): Promise<'done' | undefined> {
    const { readings, upTo } = batch;
    const outcome: Outcome = await this.#destination.take(batch, this.#spool.id, signal);
    if (outcome === 'unreachable') {
      await this.#pause(this.#backoff.next(), signal);
      return undefined;
    }
    if (outcome === 'taken') this.#taken += readings.length;
    else if (outcome !== 'refused') {
      const { refused: count, why } = outcome;
      this.#taken += readings.length - count;
      this.#refused += count;
      this.#log.warn('readings were refused', { count, why });
    } else if (readings.length === 1) {
      this.#refused++;
      this.#log.warn('a reading was refused', { meter: readings[0]?.meter ?? '' });
    } else {
      const half = Math.ceil(readings.length / 2);
      for (const part of [readings.slice(0, half), readings.slice(half)]) {
        const piece = { readings: part, upTo };
        while ((await this.#offer(piece, signal)) === undefined) signal.throwIfAborted();
      }
    }
    return 'done';
  }

  async #whenPossible<T>(work: () => T, signal: AbortSignal): Promise<T> {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isTransient(error)) throw error;
        this.#log.warn('the spool does not work now', { why: error.message });
        await this.#pause(this.#backoff.next(), signal);
        signal.throwIfAborted();
      }
    }
  }

  async #awoken(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#wake = () => {
      resolve(undefined);
    };
    signal.addEventListener('abort', this.#wake, { once: true });
    if (this.#spool.size === 0 && !signal.aborted) await promise;
    signal.removeEventListener('abort', this.#wake);
  }
}
