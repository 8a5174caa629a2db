import type { Instant } from '../time.ts';
import type { Series } from './series.ts';

/** A history in packed form: ascending instants in `at`, watts alongside. */
export interface History {
  readonly at: Float64Array;
  readonly watts: Float64Array;
}

/** The known steps of a series as readings. */
export function historyOf({ startAt, stepMs, watts, known }: Series): History {
  const steps = Array.from(known.keys()).filter((i) => known[i] === 1);
  return {
    at: Float64Array.from(steps, (i) => startAt + i * stepMs),
    watts: Float64Array.from(steps, (i) => watts[i] ?? NaN),
  };
}

/** The newest reading's instant, or `until` where that is sooner; 0 where there is none. */
export const endOf = ({ at }: History, until: Instant = Infinity): Instant =>
  Math.min(until, at[at.length - 1] ?? 0);

/** Index of the first reading at an instant or after it; how many there are where none is. */
export const indexFrom = ({ at }: History, from: Instant): number =>
  countWhile(at, (instant) => instant < from);

/** The readings before an instant; nothing is copied. */
export const before = (history: History, until: Instant): History =>
  firstOf(history, indexFrom(history, until));

/** The readings up to an instant and at it; nothing is copied. */
export const upTo = (history: History, last: Instant): History =>
  firstOf(
    history,
    countWhile(history.at, (instant) => instant <= last),
  );

const firstOf = ({ at, watts }: History, count: number): History => ({
  at: at.subarray(0, count),
  watts: watts.subarray(0, count),
});

/** How many ascending instants there are until one is past, by bisection. */
function countWhile(at: Float64Array, isWithin: (instant: Instant) => boolean): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isWithin(at[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
