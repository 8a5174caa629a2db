import { quantile, stepsIn, trailingMin } from '@lefton/core';
import type { Scorer, Series, Zone } from '@lefton/core';

/** Power that never left for so long, and how short a dip is forgiven. Source: shared/detector.md, view one, slow. */
const WINDOWS_MIN = [120, 240] as const;
const BRIDGE_MIN = 10;
/** Usual is the median of the daily highest, the edge what only one day in 25 is above. */
export const USUAL = 0.5;
export const EDGE = 0.96;
/** No range is narrower. */
export const LEAST_RANGE_W = 60;
/** The table looks back so far, and at so many hours on either side for the edge. */
const TABLE_DAYS = 84;
const EDGE_HOURS = 2;

/** Usual and edge of the highest sustained level of each local hour, in watts. */
export interface SustainedLimits {
  readonly usual: (hour: number, weekday: number) => number;
  readonly edge: (hour: number, weekday: number) => number;
}

/** The highest sustained level of one hour of one day. */
export interface HourHigh {
  readonly day: number;
  readonly hour: number;
  readonly weekday: number;
  readonly watts: number;
}

/** The level that power never left over a window, dips bridged; NaN where it is not known. */
function sustained(series: Series, windowMin: number): Float64Array {
  const { watts, known, stepMs } = series;
  const bridge = stepsIn(BRIDGE_MIN, stepMs);
  const highest = trailingMin({ ...series, watts: watts.map((power) => -power) }, bridge).map((low) => -low);
  const bridged = {
    ...series,
    watts: highest,
    known: known.map((flag, i) => (Number.isNaN(highest[i]) ? 0 : flag)),
  };
  return trailingMin(bridged, stepsIn(windowMin, stepMs));
}

/** The highest sustained level of each hour that is known, in order of time. */
function hourHighs(series: Series, zone: Zone, windowMin: number): HourHigh[] {
  const highs = new Map<number, HourHigh>();
  for (const [i, watts] of sustained(series, windowMin).entries()) {
    if (Number.isNaN(watts)) continue;
    const at = series.startAt + i * series.stepMs;
    const [day, hour] = [zone.dayNumber(at), zone.hour(at)];
    const before = highs.get(24 * day + hour);
    if (before === undefined || watts > before.watts)
      highs.set(24 * day + hour, { day, hour, weekday: zone.weekday(at), watts });
  }
  return [...highs.values()];
}

/**
 * A score of how far the sustained level is beyond usual, 1 at the edge: the mean over its windows, so that it is known from
 * four hours on.
 * @param limitsOf learns usual and edge of one window's levels
 */
export async function sustainedScorer(
  history: Series,
  zone: Zone,
  limitsOf: (highs: readonly HourHigh[]) => SustainedLimits | Promise<SustainedLimits>,
): Promise<Scorer> {
  const windows: { readonly windowMin: number; readonly limits: SustainedLimits }[] = [];
  for (const windowMin of WINDOWS_MIN)
    windows.push({ windowMin, limits: await limitsOf(hourHighs(history, zone, windowMin)) });
  return (series) => {
    const levels = windows.map(({ windowMin }) => sustained(series, windowMin));
    return series.watts.map((_, i) => {
      const at = series.startAt + i * series.stepMs;
      const [hour, weekday] = [zone.hour(at), zone.weekday(at)];
      let sum = 0;
      for (const [which, { limits }] of windows.entries()) {
        const usual = limits.usual(hour, weekday);
        const range = Math.max(LEAST_RANGE_W, limits.edge(hour, weekday) - usual);
        sum += ((levels[which]?.[i] ?? NaN) - usual) / range;
      }
      return sum / windows.length;
    });
  };
}

/** Usual and edge from tables: of each hour over the last days that are known. */
export const sustainedByHour = (history: Series, zone: Zone): Promise<Scorer> =>
  sustainedScorer(history, zone, (highs) => {
    const last = highs.at(-1)?.day ?? 0;
    const recent = highs.filter(({ day }) => day > last - TABLE_DAYS);
    const of = (from: number, q: number, around: number): number => {
      const near = recent.filter(
        ({ hour }) => Math.min((hour - from + 24) % 24, (from - hour + 24) % 24) <= around,
      );
      return quantile(Float64Array.from(near, ({ watts }) => watts).sort(), q);
    };
    const usual = Array.from({ length: 24 }, (_, hour) => of(hour, USUAL, 0));
    const edge = Array.from({ length: 24 }, (_, hour) => of(hour, EDGE, EDGE_HOURS));
    return { usual: (hour) => usual[hour] ?? NaN, edge: (hour) => edge[hour] ?? NaN };
  });
