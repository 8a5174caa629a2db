import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import type { Numbers } from '../model/numbers.ts';
import type { Watcher } from './watchers.ts';
import { HOUR, SINCE } from './run.ts';
import type { Judge } from './run.ts';

/** Began so close to what alerted that it is the same thing. */
const SAME_MS = 30 * MINUTE;

/** Finds the largest run that is unusual and began with what alerted: it says the most to a person. */
export class LargestUnusual implements Judge {
  watcher = -1;
  since: Instant = NaN;
  readonly #watchers: readonly Watcher[];
  readonly #limits: Numbers;
  readonly #onset: Instant;
  readonly #end: Instant;

  /**
   * @param limits in minutes, per watcher and hour of the start
   * @param end of the newest step
   */
  constructor(watchers: readonly Watcher[], limits: Numbers, onset: Instant, end: Instant) {
    this.#watchers = watchers;
    this.#limits = limits;
    this.#onset = onset;
    this.#end = end;
  }

  weigh(watcher: number, slots: Float64Array, slot: number): void {
    const own = this.#watchers[watcher];
    const since = slots[slot + SINCE] ?? NaN;
    if (own === undefined || !(Math.abs(since - this.#onset) <= SAME_MS)) return;
    const limit = this.#limits.at(watcher * 24 + (slots[slot + HOUR] ?? 0));
    if (!(this.#end - since >= limit * MINUTE)) return;
    if (own.watts < (this.#watchers[this.watcher]?.watts ?? 0)) return;
    this.watcher = watcher;
    this.since = since;
  }
}
