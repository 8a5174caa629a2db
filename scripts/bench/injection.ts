import type { Series } from '@lefton/core';
import { Pcg64 } from './pcg64.ts';

/** An appliance that people leave on. duty: share of each period that it draws; periodMin 0 = all the time. */
export interface Appliance {
  readonly name: string;
  readonly watts: number;
  readonly duty: number;
  readonly periodMin: number;
  /** Shortest and longest time left on. */
  readonly hours: readonly [number, number];
}

/** Source: shared/detector.md, the protocol; the order is that of shared/bench/left_on_bench.py. */
export const APPLIANCES: readonly Appliance[] = [
  { name: 'fan heater', watts: 2000, duty: 1, periodMin: 0, hours: [2, 9] },
  { name: 'oil radiator', watts: 1500, duty: 0.6, periodMin: 20, hours: [3, 10] },
  { name: 'oven', watts: 2200, duty: 0.4, periodMin: 12, hours: [2, 8] },
  { name: 'iron', watts: 1200, duty: 0.3, periodMin: 4, hours: [2, 8] },
  { name: 'immersion heater', watts: 3000, duty: 1, periodMin: 0, hours: [2, 6] },
  { name: 'towel rail', watts: 500, duty: 1, periodMin: 0, hours: [6, 14] },
  { name: 'hob ring', watts: 900, duty: 0.5, periodMin: 2, hours: [1, 6] },
];

const SEED = 20180805;

/** One appliance left on, in steps: from <= i < from + length. */
export interface LeftOnTime {
  readonly appliance: Appliance;
  readonly from: number;
  readonly length: number;
}

export interface Injection {
  readonly injected: Series;
  readonly times: readonly LeftOnTime[];
}

/** Adds a left-on appliance every 6-30 h from the step `cut` on, in turn; not where a minute is missing. */
export function inject(clean: Series, cut: number): Injection {
  const step = clean.stepMs / 60_000;
  const random = new Pcg64(SEED);
  const times: LeftOnTime[] = [];
  const watts = Float64Array.from(clean.watts);
  let from = cut + Math.floor(240 / step);
  for (;;) {
    const appliance = APPLIANCES[times.length % APPLIANCES.length];
    if (appliance === undefined) break;
    const length = Math.trunc((random.uniform(...appliance.hours) * 60) / step);
    from += Math.trunc((random.uniform(6, 30) * 60) / step);
    if (from + length >= watts.length) break;
    if (!clean.known.subarray(from, from + length).includes(0)) {
      times.push({ appliance, from, length });
      for (let i = 0; i < length; i++)
        watts[from + i] = (watts[from + i] ?? NaN) + drawn(appliance, i * step, step);
    }
    from += length;
  }
  return { injected: { ...clean, watts }, times };
}

/** Watts drawn so many minutes after it was left on; its mean where the step is longer than the period. */
function drawn({ watts, duty, periodMin }: Appliance, minute: number, step: number): number {
  if (periodMin === 0) return watts;
  if (step > periodMin) return watts * duty;
  return minute % periodMin < duty * periodMin ? watts : 0;
}
