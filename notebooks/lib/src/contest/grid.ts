import { MINUTE } from '@lefton/core';
import type { Series } from '@lefton/core';

/** A value holds this long over missing steps, or one step. */
const HELD_MINUTES = 10;

/**
 * Readings to steps as the reference does it: the step is the median distance in whole minutes, a step's watts the
 * mean of its readings, and a missing step takes the last value for up to 10 min. at in ms, in any order.
 */
export function gridOf(at: readonly number[], watts: readonly number[]): Series {
  const ordered = at.every((now, i) => i === 0 || now >= (at[i - 1] ?? NaN));
  const order = ordered ? null : Array.from(at.keys()).sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0));
  const times = Float64Array.from(at, (now, i) => (order === null ? now : (at[order[i] ?? i] ?? NaN)));
  const power = Float64Array.from(watts, (now, i) => (order === null ? now : (watts[order[i] ?? i] ?? NaN)));
  const stepMin = Math.max(1, Math.round(medianDistance(times) / MINUTE));
  const startAt = times[0] ?? 0;
  const place = (now: number): number => Math.floor((now - startAt) / (stepMin * MINUTE));
  const length = times.length === 0 ? 0 : place(times[times.length - 1] ?? 0) + 1;
  const sums = new Float64Array(length);
  const counts = new Float64Array(length);
  times.forEach((now, i) => {
    const step = place(now);
    sums[step] = (sums[step] ?? 0) + (power[i] ?? NaN);
    counts[step] = (counts[step] ?? 0) + 1;
  });
  const mean = sums.map((sum, i) => sum / (counts[i] ?? 0));
  return held({ startAt, stepMs: stepMin * MINUTE, watts: mean, known: Uint8Array.from(counts, Math.sign) });
}

function held(series: Series): Series {
  const limit = Math.max(1, Math.floor((HELD_MINUTES * MINUTE) / series.stepMs));
  const watts = Float64Array.from(series.watts);
  const known = Uint8Array.from(series.known);
  let last = -Infinity;
  for (let i = 0; i < watts.length; i++) {
    if (series.known[i] === 1) last = i;
    else if (i - last <= limit) {
      watts[i] = watts[last] ?? NaN;
      known[i] = 1;
    }
  }
  return { ...series, watts, known };
}

function medianDistance(times: Float64Array): number {
  const distances = times
    .subarray(1)
    .map((now, i) => now - (times[i] ?? NaN))
    .sort();
  const middle = distances.length / 2;
  return ((distances[Math.ceil(middle) - 1] ?? NaN) + (distances[Math.floor(middle)] ?? NaN)) / 2;
}
