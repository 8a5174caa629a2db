import { HOUR } from '@lefton/core';
import type { Instant, Series, Zone } from '@lefton/core';

/** The mean power of each of the 24 hours of a local day. */
export interface DayProfile {
  /** Local midnight. */
  readonly at: Instant;
  readonly weekday: number;
  readonly watts: readonly number[];
}

/** An hour of which less is known says nothing. */
const LEAST_OF_HOUR = 0.5;

/** The days that are known in all of their hours; those on which the clock is changed are not. */
export function dayProfiles({ startAt, stepMs, watts, known }: Series, zone: Zone): DayProfile[] {
  const days = new Map<number, { sums: number[]; counts: number[] }>();
  for (const [i, power] of watts.entries()) {
    if (known[i] !== 1) continue;
    const at = startAt + i * stepMs;
    const [day, hour] = [zone.dayNumber(at), zone.hour(at)];
    const own = days.get(day) ?? {
      sums: new Array<number>(24).fill(0),
      counts: new Array<number>(24).fill(0),
    };
    days.set(day, own);
    own.sums[hour] = (own.sums[hour] ?? 0) + power;
    own.counts[hour] = (own.counts[hour] ?? 0) + 1;
  }
  const least = (LEAST_OF_HOUR * HOUR) / stepMs;
  return [...days]
    .filter(([, { counts }]) => counts.every((count) => count >= least))
    .map(([day, { sums, counts }]) => {
      const at = zone.startOfDay(day);
      return { at, weekday: zone.weekday(at), watts: sums.map((sum, hour) => sum / (counts[hour] ?? NaN)) };
    });
}
