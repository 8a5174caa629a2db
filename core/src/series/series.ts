import { Resampler, RESAMPLER_SLOTS } from './resampler.ts';
import type { Cadence } from './resampler.ts';
import { DAY } from '../time.ts';
import type { Instant, Stretch } from '../time.ts';

/**
 * Power on a fixed grid. watts[i] is the mean over [startAt + i * stepMs, + stepMs) where known[i] is 1;
 * known[i] is 0 in a gap and watts[i] then means nothing.
 */
export interface Series {
  readonly startAt: Instant;
  readonly stepMs: number;
  readonly watts: Float64Array;
  readonly known: Uint8Array;
}

/**
 * A whole history as a series. at: ascending instants, watts alongside; `learn` says which readings may be learned.
 * Starts at the step of the first reading.
 */
export function toSeries(
  at: ArrayLike<Instant>,
  watts: ArrayLike<number>,
  cadence: Cadence,
  learn: (index: number) => boolean = () => true,
): Series {
  const { stepMs } = cadence;
  const startAt = Math.floor((at[0] ?? 0) / stepMs) * stepMs;
  const length = at.length === 0 ? 0 : Math.floor(((at[at.length - 1] ?? 0) - startAt) / stepMs) + 1;
  const series = { startAt, stepMs, watts: new Float64Array(length), known: new Uint8Array(length) };
  const slots = new Float64Array(RESAMPLER_SLOTS);
  const resampler = new Resampler(cadence, slots, new Float64Array(1).fill(NaN));
  resampler.reset();
  for (let i = 0; i < at.length; i++) {
    if (!learn(i)) continue;
    resampler.push(at[i] ?? NaN, watts[i] ?? NaN);
    while (resampler.next()) {
      const index = (resampler.start - startAt) / stepMs;
      if (!resampler.known) continue;
      series.watts[index] = resampler.mean;
      series.known[index] = 1;
    }
  }
  return series;
}

/** The series with stretches turned into gaps. */
export function without(series: Series, stretches: readonly Stretch[]): Series {
  const known = series.known.slice();
  for (const { from, to } of stretches) {
    const first = Math.max(0, Math.floor((from - series.startAt) / series.stepMs));
    known.fill(0, first, Math.max(first, Math.ceil((to - series.startAt) / series.stepMs)));
  }
  return { ...series, known };
}

/** Days of which the power is known. */
export const knownDays = ({ known, stepMs }: Series): number =>
  (known.reduce((sum, flag) => sum + flag, 0) * stepMs) / DAY;

/** The last days of a series. */
export function lastDays(series: Series, days: number): Series {
  const first = Math.max(0, series.watts.length - Math.round((days * DAY) / series.stepMs));
  return {
    startAt: series.startAt + first * series.stepMs,
    stepMs: series.stepMs,
    watts: series.watts.subarray(first),
    known: series.known.subarray(first),
  };
}
