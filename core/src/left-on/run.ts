import type { Instant } from '../time.ts';

/** Told when a run has ended. `end` is when it was given up: the bridge after its last step is part of it. */
export type RunEnd = (watcher: number, since: Instant, end: Instant, hour: number) => void;

/** Slots of one run: since when, last step of it, local hour of its start. */
export const SINCE = 0;
export const LAST = 1;
export const HOUR = 2;

/** Finds the run that is longest for what the home knows, among those that are alive. */
export interface Judge {
  /** Highest score so far, and whose run it is. */
  score: number;
  watcher: number;
  since: Instant;
  /** Per watcher and hour of the start: 1 / limit in ms. */
  readonly perLimit: Float64Array;
}

/** Measures a run against its limit; keeps it when it is the highest. end: of the newest step. */
export function weigh(judge: Judge, watcher: number, slots: Float64Array, slot: number, end: Instant): void {
  const since = slots[slot + SINCE] ?? NaN;
  const score = (end - since) * (judge.perLimit[watcher * 24 + (slots[slot + HOUR] ?? 0)] ?? NaN);
  if (score <= judge.score) return;
  judge.score = score;
  judge.watcher = watcher;
  judge.since = since;
}
