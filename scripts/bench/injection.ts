import { APPLIANCES, drawn } from '@lefton/core';
import type { Appliance, Series } from '@lefton/core';
import { Pcg64 } from './pcg64.ts';

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
