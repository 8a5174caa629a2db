import { watts } from '../units.ts';
import type { Watts } from '../units.ts';

/**
 * The original table: the lowest and highest power seen in each local hour, 24 entries each, in watts.
 * Kept as the baseline that everything else is held against.
 */
export interface MinMaxTable {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** (power - low) / (high - low) of an hour, in watts: 0 at the lowest, 1 at the highest ever seen. */
export const scoreMinMax = (low: number, high: number, power: Watts): number => (power - low) / (high - low);

/** Middle of the hour's range: the nearest thing to usual that two numbers can say. */
export const usualMinMax = (low: number, high: number): Watts => watts((low + high) / 2);
