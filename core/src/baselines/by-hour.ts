import type { Series } from '../series/series.ts';
import type { Zone } from '../zone.ts';

/** Local hour 0..23 of every step. */
export function hoursOf({ startAt, stepMs, watts }: Series, zone: Zone): Uint8Array {
  const hours = new Uint8Array(watts.length);
  for (let i = 0; i < hours.length; i++) hours[i] = zone.hour(startAt + i * stepMs);
  return hours;
}

/**
 * 24 figures, one per local hour, each of the known values of that hour and `spread` hours on either side.
 * values and hours: one per step, NaN = unknown. NaN for an hour without values.
 */
export function byHour(
  values: Float64Array,
  hours: Uint8Array,
  figure: (values: Float64Array) => number,
  spread = 0,
): Float64Array {
  const pools = poolByHour(values, hours);
  return Float64Array.from({ length: 24 }, (_, hour) => {
    const near = Array.from({ length: 2 * spread + 1 }, (_, i) => pools[(hour - spread + i + 24) % 24]);
    const pool = concat(near.filter((part) => part !== undefined));
    return pool.length === 0 ? NaN : figure(pool);
  });
}

function poolByHour(values: Float64Array, hours: Uint8Array): readonly Float64Array[] {
  const counts = new Uint32Array(24);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) counts[hours[i] ?? 0] = (counts[hours[i] ?? 0] ?? 0) + 1;
  }
  const pools = Array.from(counts, (count) => new Float64Array(count));
  counts.fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    const hour = hours[i] ?? 0;
    const place = counts[hour] ?? 0;
    const pool = pools[hour];
    if (pool !== undefined) pool[place] = value;
    counts[hour] = place + 1;
  }
  return pools;
}

function concat(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

export const lowest = (values: Float64Array): number => values.reduce((low, value) => Math.min(low, value));
export const highest = (values: Float64Array): number =>
  values.reduce((high, value) => Math.max(high, value));
export const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard deviation of the values themselves, not of a sample. */
export function deviationOf(values: Float64Array): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
