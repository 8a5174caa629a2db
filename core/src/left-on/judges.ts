import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import type { WatcherLimits } from './parameters.ts';
import { HOUR, SINCE } from './run.ts';
import type { Judge } from './run.ts';

/** Finds the highest score: the longest run, each measured against its limit. Used anew at every step. */
export class HighestScore implements Judge {
  score = 0.5;
  watcher = -1;
  /** Where the run's slots begin. */
  slot = 0;
  #end = 0.5;
  /** Per watcher and hour of the start: 1 / limit in ms. */
  readonly #perLimit: Float64Array;

  constructor(watchers: readonly WatcherLimits[]) {
    this.#perLimit = Float64Array.from(
      watchers.flatMap(({ limitMin }) => limitMin.map((minutes) => 1 / (minutes * MINUTE))),
    );
  }

  /** @param end of the newest step */
  begin(end: Instant): void {
    this.#end = end;
    this.score = 0;
    this.watcher = -1;
  }

  weigh(watcher: number, slots: Float64Array, slot: number): void {
    const perLimit = this.#perLimit[watcher * 24 + (slots[slot + HOUR] ?? 0)] ?? NaN;
    const score = (this.#end - (slots[slot + SINCE] ?? NaN)) * perLimit;
    if (!(score > this.score)) return;
    this.score = score;
    this.watcher = watcher;
    this.slot = slot;
  }
}

/** Began so close to what alerted that it is the same thing. */
const SAME_MS = 30 * MINUTE;

/** Finds the largest run that is unusual and began with what alerted: it says the most to a person. */
export class LargestUnusual implements Judge {
  watcher = -1;
  since: Instant = NaN;
  readonly #watchers: readonly WatcherLimits[];
  readonly #onset: Instant;
  readonly #end: Instant;

  /** @param end of the newest step */
  constructor(watchers: readonly WatcherLimits[], onset: Instant, end: Instant) {
    this.#watchers = watchers;
    this.#onset = onset;
    this.#end = end;
  }

  weigh(watcher: number, slots: Float64Array, slot: number): void {
    const own = this.#watchers[watcher];
    const since = slots[slot + SINCE] ?? NaN;
    if (own === undefined || !(Math.abs(since - this.#onset) <= SAME_MS)) return;
    if (this.#end - since < (own.limitMin[slots[slot + HOUR] ?? 0] ?? Infinity) * MINUTE) return;
    if (own.watts < (this.#watchers[this.watcher]?.watts ?? 0)) return;
    this.watcher = watcher;
    this.since = since;
  }
}
