import { DAY } from '../time.ts';
import type { Instant } from '../time.ts';
import type { Run } from './history-runs.ts';
import { tailOf, TOP } from './tail.ts';
import type { Tail } from './tail.ts';

/** How long the runs of one watcher get, by local hour of the start. */
export interface Tails {
  /** Tail of runs that began around this hour. */
  at(hour: number): Tail;
  /** The same as it was known before the week that an instant is in. */
  before(hour: number, instant: Instant): Tail;
}

/** Number of the week that an instant is in; what is learned is learned week by week. */
export const weekOf = (instant: Instant): number => Math.floor(instant / (7 * DAY));

/** Runs that began within so many hours of each other are compared. */
const HOURS_AROUND = 3;

/** Tails from the longest runs around each hour. */
export class HourlyTails implements Tails {
  readonly #whole: readonly Tail[];
  /** Before each week that has runs. */
  readonly #before = new Map<number, readonly Tail[]>();

  /** @param runs in order of time */
  constructor(runs: readonly Run[]) {
    const longest = Array.from({ length: 24 }, (): number[] => []);
    let tails: readonly Tail[] = longest.map(tailOf);
    const changed = new Set<number>();
    const take = (): readonly Tail[] => {
      if (changed.size > 0)
        tails = tails.map((tail, hour) => (changed.has(hour) ? tailOf(longest[hour] ?? []) : tail));
      changed.clear();
      return tails;
    };
    for (const { since, end, hour } of runs) {
      if (!this.#before.has(weekOf(since))) this.#before.set(weekOf(since), take());
      for (let apart = -HOURS_AROUND; apart <= HOURS_AROUND; apart++) {
        const near = (hour + apart + 24) % 24;
        if (insert(longest[near] ?? [], end - since)) changed.add(near);
      }
    }
    this.#whole = take();
  }

  at(hour: number): Tail {
    return this.#whole[hour] ?? tailOf([]);
  }

  before(hour: number, instant: Instant): Tail {
    const week = weekOf(instant);
    let tails = this.#before.get(week);
    if (tails === undefined) {
      // nothing was learned between this week and the next one that has runs
      const next = [...this.#before.keys()].find((other) => other > week);
      tails = next === undefined ? this.#whole : this.#before.get(next);
    }
    return tails?.[hour] ?? tailOf([]);
  }
}

/** Puts a length among the longest, in falling order; false when it is none of them. */
function insert(longest: number[], length: number): boolean {
  let place = longest.length;
  while (place > 0 && (longest[place - 1] ?? 0) < length) place--;
  if (place >= TOP) return false;
  longest.splice(place, 0, length);
  longest.length = Math.min(longest.length, TOP);
  return true;
}
