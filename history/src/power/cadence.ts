import { HOUR } from '@lefton/core';
import type { Values } from './chronology.ts';

/** How far apart the values of a file are. */
export interface Cadence {
  /** The typical time between two values in milliseconds; NaN when there are fewer than two. */
  readonly stepMs: number;
  /** True when most values are that far apart. */
  readonly regular: boolean;
}

const SAMPLES = 10_001;

/** The typical distance of instants in ascending order; of those with a known value, where values are given. */
export function cadenceOf(at: Float64Array, value?: Float64Array): Cadence {
  const stride = Math.max(1, Math.floor(at.length / SAMPLES));
  const steps: number[] = [];
  for (let i = stride; i < at.length; i += stride) {
    if (value !== undefined && Number.isNaN((value[i] ?? NaN) + (value[i - 1] ?? NaN))) continue;
    steps.push((at[i] ?? NaN) - (at[i - 1] ?? NaN));
  }
  steps.sort((a, b) => a - b);
  const stepMs = steps[Math.floor((steps.length - 1) / 2)] ?? NaN;
  const near = steps.filter((step) => Math.abs(step - stepMs) <= stepMs / 20).length;
  return { stepMs, regular: near > 0 && near >= steps.length / 2 };
}

/** One and a half steps of a regular file, three steps and an hour of a file written on change: longer is a gap. */
export const longestStep = ({ stepMs, regular }: Cadence): number =>
  regular ? stepMs * 1.5 : Math.max(stepMs * 3, HOUR);

/** Counts the stretches in which at least one value is missing: marked by NaN between two known values, or too long. */
export function countGaps({ at, value }: Values): number {
  const limit = longestStep(cadenceOf(at, value));
  let gaps = 0;
  let marked = false;
  let last = NaN;
  for (let i = 0; i < at.length; i++) {
    if (Number.isNaN(value[i])) {
      marked = true;
      continue;
    }
    const time = at[i] ?? NaN;
    if (time - last > limit || (marked && time > last)) gaps += 1;
    last = time;
    marked = false;
  }
  return gaps;
}
