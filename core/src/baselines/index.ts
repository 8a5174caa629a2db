import { quantile } from '../quantile.ts';
import type { Series } from '../series/series.ts';
import { MINUTE } from '../time.ts';
import type { Zone } from '../zone.ts';
import { byHour, deviationOf, highest, hoursOf, lowest, meanOf } from './by-hour.ts';
import { stepsIn, trailingMean, trailingMin, wattsOf } from './trailing.ts';

export { stepsIn, trailingMin } from './trailing.ts';

/** One score per step, NaN = unknown; higher = more unusual. Causal: a step's score sees no later step. */
export type Scorer = (series: Series) => Float64Array;

/** A trivial detector that everything else is held against. Source: shared/bench/left_on_bench.py. */
export interface Baseline {
  readonly name: string;
  /** Fits on the history alone; the scorer takes a series with the same step. */
  readonly fit: (history: Series, zone: Zone) => Scorer;
}

/** What a step is scored by, in watts, NaN = unknown. */
type Feature = (series: Series) => Float64Array;

/** (feature - zero) / range, both per local hour; no range is narrower than `narrowest`. */
const placed =
  (feature: Feature, zero: Float64Array, range: Float64Array, narrowest: number, zone: Zone): Scorer =>
  (series) => {
    const hours = hoursOf(series, zone);
    return feature(series).map((value, i) => {
      const hour = hours[i] ?? 0;
      return (value - (zero[hour] ?? NaN)) / Math.max(range[hour] ?? NaN, narrowest);
    });
  };

function fitMinMax(history: Series, zone: Zone, feature: Feature): Scorer {
  const [values, hours] = [feature(history), hoursOf(history, zone)];
  const low = byHour(values, hours, lowest);
  const range = byHour(values, hours, highest).map((high, hour) => high - (low[hour] ?? NaN));
  return placed(feature, low, range, 1, zone);
}

const meanOver =
  (minutes: number, stepMs: number): Feature =>
  (series) =>
    trailingMean(series, stepsIn(minutes, stepMs));

const minOver =
  (minutes: number, stepMs: number): Feature =>
  (series) =>
    trailingMin(series, stepsIn(minutes, stepMs));

/** The article: where a single reading stands between the lowest and the highest of its hour. */
export const minMaxOfReadings: Baseline = {
  name: 'min-max of readings (the article)',
  fit: (history, zone) => fitMinMax(history, zone, wattsOf),
};

/** The article on watt-hours per hour: its score of the mean of the trailing hour. */
export const minMaxOfHours: Baseline = {
  name: 'min-max of the trailing hour',
  fit: (history, zone) => fitMinMax(history, zone, meanOver(60, history.stepMs)),
};

/** Standard deviations of the hour that the trailing half hour's mean is above its usual. */
export const zScore: Baseline = {
  name: 'z-score over 30 min',
  fit: (history, zone) => {
    const feature = meanOver(30, history.stepMs);
    const [values, hours] = [feature(history), hoursOf(history, zone)];
    return placed(feature, byHour(values, hours, meanOf), byHour(values, hours, deviationOf), 1, zone);
  },
};

/** What a person writes as a rule: above X W for 30 minutes. The score is the X in watts. */
export const aboveForHalfHour: Baseline = {
  name: 'above X W for 30 min',
  fit: (history) => minOver(30, history.stepMs),
};

const WINDOWS_MINUTES = [10, 30, 60, 120, 240];

/** The highest of the min-max scores of trailing means and floors over 10 min to 4 h, from the 0.05 quantile up. */
export const meansAndFloors: Baseline = {
  name: 'means and floors 10-240 min',
  fit: (history, zone) => {
    const hours = hoursOf(history, zone);
    const scorers = WINDOWS_MINUTES.filter((minutes) => minutes * MINUTE >= history.stepMs)
      .flatMap((minutes) => [meanOver(minutes, history.stepMs), minOver(minutes, history.stepMs)])
      .map((feature) => {
        const values = feature(history);
        const low = byHour(values, hours, (pool) => quantile(pool.toSorted(), 0.05), 1);
        const range = byHour(values, hours, highest, 1).map((high, hour) => high - (low[hour] ?? NaN));
        return placed(feature, low, range, 50, zone);
      });
    return (series) => scorers.map((score) => score(series)).reduce(higher);
  },
};

/** The higher of two scores; an unknown one does not count. */
const higher = (a: Float64Array, b: Float64Array): Float64Array =>
  a.map((value, i) => {
    const other = b[i] ?? NaN;
    return value >= other || Number.isNaN(other) ? value : other;
  });

export const baselines: readonly Baseline[] = [
  minMaxOfReadings,
  minMaxOfHours,
  zScore,
  aboveForHalfHour,
  meansAndFloors,
];
