import type { KafkaSettings } from '../settings.ts';

/** Unless the settings say otherwise. */
const EVERY_MS = 60_000;
const MOST_READINGS = 500_000;

/** The offset of a partition from which on a takeover folds again, and when the states are to be written anew. */
export class Checkpoint {
  readonly #everyMs: number;
  readonly #mostReadings: number;
  #offset = 0;
  #at = -Infinity;

  constructor({ checkpointMs = EVERY_MS, checkpointReadings = MOST_READINGS }: KafkaSettings) {
    this.#everyMs = checkpointMs;
    this.#mostReadings = checkpointReadings;
  }

  get offset(): number {
    return this.#offset;
  }

  /**
   * Begins with what is written; the offset from which to read on.
   * @param written the newest one, 0 for none
   * @param first of the log, which may have lost what is older than its retention
   */
  begin(written: number, first: number, committed: number): number {
    this.#offset = Math.max(written, Math.min(first, committed));
    const next = Math.max(this.#offset, first);
    // what had to be folded again must not grow with each takeover
    this.#at = next < committed ? -Infinity : performance.now();
    return next;
  }

  /** By the clock, or because a takeover would have to fold too much again. */
  isDue(next: number): boolean {
    return next - this.#offset >= this.#mostReadings || performance.now() - this.#at >= this.#everyMs;
  }

  written(offset: number): void {
    this.#offset = offset;
    this.#at = performance.now();
  }
}
