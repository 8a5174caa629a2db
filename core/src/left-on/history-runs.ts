import type { Instant } from '../time.ts';
import type { Progress } from '../progress.ts';
import type { Series } from '../series/series.ts';
import type { Zone } from '../zone.ts';
import { HOUR, SINCE } from './run.ts';
import { RUN_SLOTS, Runs } from './runs.ts';
import type { Watcher } from './watchers.ts';

/** One run of the history; hour is the local hour it began in. */
export interface Run {
  readonly since: Instant;
  readonly end: Instant;
  readonly hour: number;
}

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
