import type { Instant } from '../time.ts';

/** Hears of runs as they come and go. Numbers stay in the slots where they can: handed over, each would be boxed. */
export interface RunListener {
  /** A run counts from now on; its slots begin at `slot`. */
  begun(watcher: number, slots: Float64Array, slot: number): void;
  /** `end` is when it was given up: the bridge after its last step is part of it. */
  ended(watcher: number, slots: Float64Array, slot: number, end: Instant): void;
}

/** Slots of one run: since when, last step of it, local hour of its start. */
export const SINCE = 0;
export const LAST = 1;
export const HOUR = 2;

/**
 * What a step brings: its start, that of the step before, its local hour, the value that is followed, what levels stand
 * on, the power of the two steps before, and its own. In an array, since numbers as arguments are boxed.
 */
export const AT = 0;
export const PREVIOUS = 1;
export const LOCAL_HOUR = 2;
export const VALUE = 3;
export const BASE = 4;
export const BEFORE = 5;
export const EARLIER = 6;
export const POWER = 7;
export const STEP_FIELDS = 8;

/** Looks at the runs that are alive, one after the other. */
export interface Judge {
  weigh(watcher: number, slots: Float64Array, slot: number): void;
}
