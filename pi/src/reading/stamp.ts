import type { Instant } from '@lefton/core';

/** A difference of the clocks up to this is followed little by little. */
const NEAR_MS = 2_000;
/** How fast it is followed: at most this share of the time that passes, so that order and durations hold. */
const SLEW = 0.05;
/** A clock that was set ahead is believed when it has been steady for this long, one that was set back later. */
export const STEADY_MS = 30_000;
export const STEADY_BACK_MS = 600_000;

/** Another time than the one in use, and since when the machine's clock has told it. */
interface Doubt {
  readonly offset: number;
  readonly since: number;
}

/**
 * Stamps readings with instants that only go forward. Time passes by the monotonic clock; the machine's clock is
 * followed while it drifts, and when it jumps only once it stands: a jump to and fro never shows.
 */
export class Stamp {
  readonly #wall: () => Instant;
  readonly #monotonic: () => number;
  #offset: number;
  #doubt: Doubt | undefined;
  #looked: number;
  #last = -Infinity;
  #jumps = 0;

  /**
   * @param wall the machine's clock
   * @param monotonic ms that pass, from any beginning
   * @param notBefore the newest instant known: a machine without a battery wakes in the past
   */
  constructor(wall: () => Instant, monotonic: () => number, notBefore: Instant = -Infinity) {
    this.#wall = wall;
    this.#monotonic = monotonic;
    this.#looked = monotonic();
    this.#offset = Math.max(wall(), notBefore) - this.#looked;
  }

  /** How often the machine's clock was set and believed. */
  get jumps(): number {
    return this.#jumps;
  }

  now(): Instant {
    const mono = this.#monotonic();
    this.#follow(this.#wall() - mono, mono);
    this.#looked = mono;
    this.#last = Math.max(this.#last + 1, Math.round(mono + this.#offset));
    return this.#last;
  }

  #follow(offset: number, mono: number): void {
    const error = offset - this.#offset;
    if (Math.abs(error) <= NEAR_MS) {
      const most = (mono - this.#looked) * SLEW;
      this.#offset += Math.min(most, Math.max(-most, error));
      this.#doubt = undefined;
      return;
    }
    if (this.#doubt === undefined || Math.abs(offset - this.#doubt.offset) > NEAR_MS) {
      this.#doubt = { offset, since: mono };
      return;
    }
    if (mono - this.#doubt.since < (error > 0 ? STEADY_MS : STEADY_BACK_MS)) return;
    this.#offset = offset;
    this.#doubt = undefined;
    this.#last = -Infinity;
    this.#jumps++;
  }
}
