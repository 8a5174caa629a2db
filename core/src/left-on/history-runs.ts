import type { Instant } from '../time.ts';
import type { Progress } from '../progress.ts';
import { DAY } from '../time.ts';
import type { Series } from '../series.ts';
import type { Zone } from '../zone.ts';
import { HOUR, SINCE } from './run.ts';
import { RUN_SLOTS, Runs } from './runs.ts';
import { tailOf, TOP } from './tail.ts';
import type { Tail } from './tail.ts';
import type { Watcher } from './watchers.ts';

/** One run of the history; hour is the local hour it began in. */
export interface Run {
  readonly since: Instant;
  readonly end: Instant;
  readonly hour: number;
}

/** Runs that began within so many hours of each other are compared. */
const HOURS_AROUND = 3;
/** Enough of the longest that leaving out a block of days still leaves TOP of them. */
const KEPT = 4 * TOP;
/** When a run is judged by its own history, the week it was in is left out. */
const BLOCK = 7 * DAY;

/** Steps between two words of progress: some milliseconds. */
const SLICE = 16_384;

/** The runs of every watcher, in order of time; found by the same code that follows them live. */
export function runsOf(
  steps: Series,
  watchers: readonly Watcher[],
  base: number,
  zone: Zone,
  progress?: Progress,
): Run[][] {
  const found = watchers.map((): Run[] => []);
  const runs = new Runs(watchers, steps.stepMs, {
    begun: () => undefined,
    ended: (watcher, slots, slot, end) => {
      found[watcher]?.push({ since: slots[slot + SINCE] ?? NaN, end, hour: slots[slot + HOUR] ?? 0 });
    },
  });
  const slots = new Float64Array(RUN_SLOTS);
  runs.reset(slots);
  for (let i = 0; i < steps.watts.length; i++) {
    if (progress !== undefined && i % SLICE === 0) progress(i / steps.watts.length);
    const at = steps.startAt + i * steps.stepMs;
    runs.step(slots, at, zone.hour(at), steps.known[i] === 1 ? (steps.watts[i] ?? NaN) : NaN, base);
  }
  runs.finish(slots);
  progress?.(1);
  return found;
}

/** How long the runs of one watcher get, by hour of the start. */
export interface Tails {
  /** Tail of runs that began around this hour. */
  at(hour: number): Tail;
  /** The same without the week that an instant is in: a run is not judged by itself. */
  without(hour: number, instant: Instant): Tail;
}

/** Tails from the longest runs around each hour. */
export class HourlyTails implements Tails {
  readonly #longest: readonly (readonly Run[])[];
  readonly #whole: readonly Tail[];
  readonly #without = new Map<number, Tail>();

  constructor(runs: readonly Run[]) {
    const byLength = [...runs].sort((a, b) => b.end - b.since - (a.end - a.since) || a.since - b.since);
    this.#longest = Array.from({ length: 24 }, (_, hour) => longestAround(byLength, hour));
    this.#whole = this.#longest.map((longest) => tailOf(longest.slice(0, TOP).map(lengthOf)));
  }

  at(hour: number): Tail {
    return this.#whole[hour] ?? tailOf([]);
  }

  without(hour: number, instant: Instant): Tail {
    const block = Math.floor(instant / BLOCK);
    const key = block * 24 + hour;
    const known = this.#without.get(key);
    if (known !== undefined) return known;
    const others = (this.#longest[hour] ?? []).filter(({ since }) => Math.floor(since / BLOCK) !== block);
    const tail = tailOf(others.slice(0, TOP).map(lengthOf));
    this.#without.set(key, tail);
    return tail;
  }
}

const lengthOf = ({ since, end }: Run): number => end - since;

function longestAround(byLength: readonly Run[], hour: number): Run[] {
  const longest: Run[] = [];
  for (const run of byLength) {
    const apart = Math.abs(run.hour - hour);
    if (Math.min(apart, 24 - apart) <= HOURS_AROUND) longest.push(run);
    if (longest.length === KEPT) break;
  }
  return longest;
}
