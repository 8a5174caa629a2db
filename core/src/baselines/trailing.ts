import { MINUTE } from '../time.ts';
import type { Series } from '../series/series.ts';

/** Steps in a trailing window of so many minutes, at least one. */
export const stepsIn = (minutes: number, stepMs: number): number =>
  Math.max(1, Math.floor((minutes * MINUTE) / stepMs));

/** Watts of a series with NaN in its gaps. */
export function wattsOf({ watts, known }: Series): Float64Array {
  return watts.map((value, i) => (known[i] === 1 ? value : NaN));
}

/** Mean watts of the last `steps` steps; NaN where less than 80 % of them are known. */
export function trailingMean({ watts, known }: Series, steps: number): Float64Array {
  const means = new Float64Array(watts.length).fill(NaN);
  // sums since the start, as the reference keeps them, so that rounding agrees
  const sums = new Float64Array(watts.length + 1);
  const counts = new Float64Array(watts.length + 1);
  for (let i = 0; i < watts.length; i++) {
    const one = known[i] === 1 ? 1 : 0;
    sums[i + 1] = (sums[i] ?? 0) + (one === 1 ? (watts[i] ?? 0) : 0);
    counts[i + 1] = (counts[i] ?? 0) + one;
    if (i + 1 < steps) continue;
    const count = (counts[i + 1] ?? 0) - (counts[i + 1 - steps] ?? 0);
    if (count >= 0.8 * steps) means[i] = ((sums[i + 1] ?? 0) - (sums[i + 1 - steps] ?? 0)) / count;
  }
  return means;
}

/** The level that power never left in the last `steps` steps, watts; NaN where one of them is unknown. */
export function trailingMin({ watts, known }: Series, steps: number): Float64Array {
  const floors = new Float64Array(watts.length).fill(NaN);
  const rising = new Int32Array(watts.length);
  let [head, tail, unknown] = [0, 0, -1];
  for (let i = 0; i < watts.length; i++) {
    if (known[i] !== 1) {
      [head, tail, unknown] = [0, 0, i];
      continue;
    }
    const now = watts[i] ?? NaN;
    while (tail > head && (watts[rising[tail - 1] ?? 0] ?? NaN) >= now) tail--;
    rising[tail++] = i;
    while ((rising[head] ?? 0) <= i - steps) head++;
    if (i - unknown >= steps) floors[i] = watts[rising[head] ?? 0] ?? NaN;
  }
  return floors;
}
