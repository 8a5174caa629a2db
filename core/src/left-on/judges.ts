import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import type { WatcherLimits } from './parameters.ts';
import type { Judge } from './run.ts';

/** Finds the highest score: the longest run, each measured against its limit. Used anew at every step. */
export class HighestScore implements Judge {
  score = 0;
  watcher = NaN;
  since: Instant = NaN;
  /** Per watcher and hour of the start: 1 / limit in ms. */
  readonly #perLimit: Float64Array;

  constructor(watchers: readonly WatcherLimits[]) {
    this.#perLimit = Float64Array.from(
      watchers.flatMap(({ limitMin }) => limitMin.map((minutes) => 1 / (minutes * MINUTE))),
    );
  }

  reset(): void {
    this.score = 0;
    this.watcher = NaN;
  }

  weigh(watcher: number, since: Instant, end: Instant, hour: number): void {
    const score = (end - since) * (this.#perLimit[watcher * 24 + hour] ?? NaN);
    if (score <= this.score) return;
    this.score = score;
    this.watcher = watcher;
    this.since = since;
  }
}

/** Began so close to what alerted that it is the same thing. */
const SAME_MS = 30 * MINUTE;

/** Finds the largest run that is unusual and began with what alerted: it says the most to a person. */
export class LargestUnusual implements Judge {
  watcher = NaN;
  since: Instant = NaN;
  readonly #watchers: readonly WatcherLimits[];
  readonly #onset: Instant;

  constructor(watchers: readonly WatcherLimits[], onset: Instant) {
    this.#watchers = watchers;
    this.#onset = onset;
  }

  weigh(watcher: number, since: Instant, end: Instant, hour: number): void {
    const own = this.#watchers[watcher];
    if (own === undefined || Math.abs(since - this.#onset) > SAME_MS) return;
    if (end - since < (own.limitMin[hour] ?? Infinity) * MINUTE) return;
    if (own.watts < (this.#watchers[this.watcher]?.watts ?? 0)) return;
    this.watcher = watcher;
    this.since = since;
  }
}
