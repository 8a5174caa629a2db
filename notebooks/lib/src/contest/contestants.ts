import { baselines, fit } from '@lefton/core';
import type { MinMaxModel, Series, Zone } from '@lefton/core';
import { byModel, byScore } from './contest.ts';
import type { Contestant, Lesson } from './contest.ts';

/** The model kinds that the service knows, fitted by core, and the trivial detectors. */
export const contestants: readonly Contestant[] = [
  byModel('LeftOn', ({ history, options }) => fit(history, options)),
  byModel('min-max table, above its 1.0', minMax),
  ...baselines.map(({ name, fit: learn }) => byScore(name, learn)),
];

/** The article's table of the lowest and highest power of each hour, from everything before the held-out weeks. */
function minMax({ before, zone, history, options }: Lesson): MinMaxModel {
  const { low, high } = extremes(before, zone);
  const { format, version, meter, provenance } = fit(history, options);
  return { format, version, kind: 'min-max', meter, zone: zone.name, provenance, low, high };
}

function extremes({ startAt, stepMs, watts, known }: Series, zone: Zone): { low: number[]; high: number[] } {
  const low = new Array<number>(24).fill(Infinity);
  const high = new Array<number>(24).fill(-Infinity);
  for (const [i, power] of watts.entries()) {
    if (known[i] !== 1) continue;
    const hour = zone.hour(startAt + i * stepMs);
    low[hour] = Math.min(low[hour] ?? Infinity, power);
    high[hour] = Math.max(high[hour] ?? -Infinity, power);
  }
  return { low, high };
}
