import { FROZEN_READINGS } from '../quality.ts';
import type { Cadence } from './resampler.ts';
import { HOUR, MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';

/** What a stretch of readings says about how a meter reports. */
export interface Reporting {
  /** Median distance between readings. */
  readonly periodMs: number;
  /** Most distances are the median, give or take a fifth. */
  readonly regular: boolean;
  /** The same watts for this long is a frozen meter; null where the meter repeats itself anyway. */
  readonly frozenMs: number | null;
}

const STEPS_MINUTES = [1, 2, 5, 10, 15, 20, 30, 60];
const SLOWEST = HOUR;
/** More equal neighbours than this: the meter is coarse, or reports changes only. */
const COARSE = 0.2;

/**
 * Describes how a meter reports. at: ascending instants, watts alongside.
 * A meter that reports every minute or two with fine resolution does not send the same value 15 times.
 */
export function reportingOf(at: ArrayLike<Instant>, watts: ArrayLike<number>): Reporting {
  const periodMs = medianDistance(at);
  let near = 0;
  let equal = 0;
  let run = 1;
  for (let i = 1; i < at.length; i++) {
    const distance = (at[i] ?? 0) - (at[i - 1] ?? 0);
    if (Math.abs(distance - periodMs) <= periodMs / 5) near++;
    if (watts[i] === watts[i - 1]) {
      run++;
      continue;
    }
    // long flat stretches are what is looked for; they say nothing of the resolution
    if (run < FROZEN_READINGS) equal += run - 1;
    run = 1;
  }
  const regular = near >= 0.8 * (at.length - 1);
  const fine = equal < COARSE * at.length;
  const frozenMs =
    regular && fine && periodMs <= 2 * MINUTE && periodMs >= MINUTE / 2 ? FROZEN_READINGS * MINUTE : null;
  return { periodMs, regular, frozenMs };
}

/** Steps for a way of reporting: one minute, or the meter's own period where that is longer. */
export function cadenceOf({ periodMs, regular }: Reporting): Cadence {
  const minutes = Math.min(periodMs, SLOWEST) / MINUTE;
  const whole = STEPS_MINUTES.find((step) => step >= minutes * 0.95) ?? 60;
  // a meter that reports on change is sampled, whatever its median distance
  const stepMs = (regular ? whole : Math.min(whole, 5)) * MINUTE;
  return {
    stepMs,
    holdMs: regular ? Math.max(3 * periodMs, 10 * MINUTE) : Math.max(3 * periodMs, HOUR),
    readingPerStep: regular && Math.abs(periodMs - stepMs) <= stepMs / 20,
  };
}

function medianDistance(at: ArrayLike<Instant>): number {
  const distances = new Float64Array(Math.max(0, at.length - 1));
  for (let i = 1; i < at.length; i++) distances[i - 1] = (at[i] ?? 0) - (at[i - 1] ?? 0);
  distances.sort();
  return distances[distances.length >> 1] ?? MINUTE;
}
