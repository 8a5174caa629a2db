import { watts } from './units.ts';
import type { Watts } from './units.ts';

/**
 * The original table: the lowest and highest power seen in each local hour, 24 entries each, in watts.
 * Kept as the baseline that everything else is held against.
 */
export interface MinMaxTable {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** (power - low) / (high - low) of the hour: 0 at the lowest, 1 at the highest ever seen. hour 0..23. */
export function scoreMinMax(table: MinMaxTable, hour: number, power: Watts): number {
  const low = table.low[hour] ?? NaN;
  const high = table.high[hour] ?? NaN;
  return (power - low) / (high - low);
}

/** Middle of the hour's range: the nearest thing to usual that two numbers can say. */
export const usualMinMax = (table: MinMaxTable, hour: number): Watts =>
  watts(((table.low[hour] ?? NaN) + (table.high[hour] ?? NaN)) / 2);
