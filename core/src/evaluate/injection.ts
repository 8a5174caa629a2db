import { APPLIANCES, drawn } from './appliance.ts';
import type { Series } from '../series/series.ts';
import { MINUTE, overlap } from '../time.ts';
import type { Stretch } from '../time.ts';

/** Draws evenly, low <= number < high. */
export type Uniform = (low: number, high: number) => number;

/** A series with appliances left on in it. */
export interface Injection {
  readonly injected: Series;
  readonly windows: readonly Stretch[];
}

/** The first of them comes so late, so that what is trailing has settled. */
const LEAD_MIN = 240;
/** Between two appliances that are left on. */
const PAUSE_HOURS = [6, 30] as const;

/**
 * Leaves an appliance on every 6-30 h from the step `cut` on, in turn; not where a step is missing, and not where one
 * really was. Source: shared/detector.md, the protocol.
 * @param known what was really left on
 */
export function inject(
  clean: Series,
  cut: number,
  uniform: Uniform,
  known: readonly Stretch[] = [],
): Injection {
  const { startAt, stepMs } = clean;
  const stepMin = stepMs / MINUTE;
  const between = (hours: readonly [number, number]): number =>
    Math.trunc((uniform(...hours) * 60) / stepMin);
  const watts = Float64Array.from(clean.watts);
  const windows: Stretch[] = [];
  let from = cut + Math.floor(LEAD_MIN / stepMin);
  for (;;) {
    const appliance = APPLIANCES[windows.length % APPLIANCES.length];
    if (appliance === undefined) break;
    const length = between(appliance.hours);
    from += between(PAUSE_HOURS);
    if (from + length >= watts.length) break;
    const window = { from: startAt + from * stepMs, to: startAt + (from + length) * stepMs };
    const free = !known.some((other) => overlap(other, window));
    if (free && !clean.known.subarray(from, from + length).includes(0)) {
      windows.push(window);
      for (let i = 0; i < length; i++)
        watts[from + i] = (watts[from + i] ?? NaN) + drawn(appliance, i * stepMin, stepMin);
    }
    from += length;
  }
  return { injected: { ...clean, watts }, windows };
}
