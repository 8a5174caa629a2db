import { WEEK_BUCKETS } from '@lefton/core';
import type { ExpectedRange } from '@lefton/core';
import type { Lessons } from './lessons.ts';
import { QUANTILES } from './range-network.ts';

/** How an expected range fits powers that it has not seen. */
export interface RangeQuality {
  /** Mean pinball loss of low, usual and high, in watts; less is better. */
  readonly lossW: number;
  /** Shares of the time, 0..1. A range of the quantiles 0.05 and 0.95 should have 0.05 of each. */
  readonly below: number;
  readonly above: number;
}

/** @throws Error where the range says nothing */
export function rangeQuality(range: ExpectedRange, { bucket, watts }: Lessons): RangeQuality {
  let [loss, below, above] = [0, 0, 0];
  for (const [i, power] of watts.entries()) {
    const place = bucket[i] ?? 0;
    const said = [range.low[place], range.usual[place], range.high[place]];
    for (const [which, q] of QUANTILES.entries()) {
      const value = said[which];
      if (value === null || value === undefined) throw new Error(`the range says nothing of bucket ${place}`);
      loss += Math.max(q * (power - value), (q - 1) * (power - value));
    }
    if (power < (said[0] ?? NaN)) below++;
    if (power > (said[2] ?? NaN)) above++;
  }
  const count = watts.length;
  return { lossW: loss / QUANTILES.length / count, below: below / count, above: above / count };
}

/** The quantiles of each bucket as they were seen: what a network must be better than to be worth its name. */
export function quantileTable({ bucket, watts }: Lessons): ExpectedRange {
  const all = Float64Array.from(watts).sort();
  const buckets = Array.from({ length: WEEK_BUCKETS }, (_, place) => {
    const own = watts.filter((_power, i) => bucket[i] === place).sort();
    return own.length === 0 ? all : own;
  });
  const column = (q: number): number[] =>
    buckets.map((own) => own[Math.min(own.length - 1, Math.floor(q * own.length))] ?? NaN);
  return { low: column(QUANTILES[0]), usual: column(QUANTILES[1]), high: column(QUANTILES[2]) };
}
