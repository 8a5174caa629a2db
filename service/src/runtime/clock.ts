import type { Instant } from '@lefton/core';
import { setTimeout } from 'node:timers/promises';
import type { Clock, Pause } from '../ports.ts';

/** Waits as long as it says. */
export const realPause: Pause = (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined);

/** The machine's clock. */
export class SystemClock implements Clock {
  now(): Instant {
    return Date.now();
  }
}

/** The clock of a replay: stands where the replay puts it. */
export class ReplayClock implements Clock {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  /** Moves the clock, never backwards. */
  advance(to: Instant): void {
    if (to > this.#now) this.#now = to;
  }
}
