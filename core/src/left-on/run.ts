import type { Instant } from '../time.ts';

/** Told when a run has ended. `end` is when it was given up: the bridge after its last step is part of it. */
export type RunEnd = (watcher: number, since: Instant, end: Instant, hour: number) => void;

/** Slots of one run: since when, last step of it, local hour of its start. */
export const SINCE = 0;
export const LAST = 1;
export const HOUR = 2;

/** Looks at the runs that are alive, one after the other. */
export interface Judge {
  /** Numbers in the slots are read by the judge itself: handing them over would box each of them. */
  weigh(watcher: number, slots: Float64Array, slot: number): void;
}
