import { quantile } from '../quantile.ts';
import type { Series } from '../series/series.ts';
import { HOUR } from '../time.ts';
import type { Instant } from '../time.ts';
import type { Zone } from '../zone.ts';

/** Buckets of the local week: weekday (0 = Monday) * 24 + hour. */
export const WEEK_BUCKETS = 168;

/**
 * The expected range of plain power per hour of the week, in watts: what people look at.
 * Each array has 168 entries; null where the history says nothing.
 */
export interface ExpectedRange {
  readonly low: readonly (number | null)[];
  readonly usual: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** So many days of a broader pool weigh as much as what the bucket itself has seen. */
const SHRINK_DAYS = 4;
/** Narrower than this and every kettle would stand outside. */
const LEAST_RANGE_W = 100;
/** Below this much history nothing is said. */
const LEAST_HOURS = 24;

type Pool = { readonly low: number[]; readonly usual: number[]; readonly high: number[] };
const pool = (): Pool => ({ low: [], usual: [], high: [] });

/**
 * Expected range of a history. Each hour of each day gives a low, a middle and a high; a bucket takes a robust
 * quantile of those over its days, so that one incident does not widen it, and leans smoothly on the same hour of
 * all days, and on the whole home, where it has seen few days. Public holidays count as Sundays.
 */
export function fitExpected(series: Series, zone: Zone, holidays: ReadonlySet<number>): ExpectedRange {
  const buckets = Array.from({ length: WEEK_BUCKETS }, pool);
  const hours = Array.from({ length: 24 }, pool);
  const home = pool();
  forEachHour(series, zone, (hourStart, sorted) => {
    const day = holidays.has(zone.dayNumber(hourStart)) ? 6 : zone.weekday(hourStart);
    const hour = zone.hour(hourStart);
    for (const target of [buckets[day * 24 + hour], hours[hour], home]) {
      target?.low.push(quantile(sorted, 0.05));
      target?.usual.push(quantile(sorted, 0.5));
      target?.high.push(quantile(sorted, 0.95));
    }
  });
  const range = { low: [], usual: [], high: [] } as { low: number[]; usual: number[]; high: number[] };
  if (home.usual.length < LEAST_HOURS) {
    const nothing = Array.from({ length: WEEK_BUCKETS }, () => null);
    return { low: nothing, usual: nothing, high: nothing };
  }
  const homeLevel = summary(home);
  const hourLevels = hours.map((hour) => shrink(hour, homeLevel));
  for (let bucket = 0; bucket < WEEK_BUCKETS; bucket++) {
    const { low, usual, high } = shrink(buckets[bucket] ?? pool(), hourLevels[bucket % 24] ?? homeLevel);
    range.low.push(round(low));
    range.usual.push(round(usual));
    range.high.push(round(Math.max(high, low + LEAST_RANGE_W)));
  }
  return range;
}

type Level = { readonly low: number; readonly usual: number; readonly high: number };

/** With three days or more, the single most extreme day never decides alone. */
const summary = ({ low, usual, high }: Pool): Level => ({
  low: -robustHigh(low.map((value) => -value)),
  usual: quantile(Float64Array.from(usual).sort(), 0.5),
  high: robustHigh(high),
});

function robustHigh(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return quantile(values.length < 3 ? sorted : sorted.subarray(0, -1), 0.9);
}

function shrink(pool: Pool, towards: Level): Level {
  const days = pool.usual.length;
  if (days === 0) return towards;
  const own = summary(pool);
  const blend = (a: number, b: number): number => (days * a + SHRINK_DAYS * b) / (days + SHRINK_DAYS);
  return {
    low: blend(own.low, towards.low),
    usual: blend(own.usual, towards.usual),
    high: blend(own.high, towards.high),
  };
}

/** Calls with the sorted known watts of each local clock hour of which at least half is known. */
function forEachHour(
  series: Series,
  zone: Zone,
  take: (hourStart: Instant, sorted: Float64Array) => void,
): void {
  const { startAt, stepMs, watts, known } = series;
  const perHour = Math.max(1, Math.round(HOUR / stepMs));
  const values = new Float64Array(perHour);
  let count = 0;
  let hourStart = startAt;
  let hour = NaN;
  for (let i = 0; i <= watts.length; i++) {
    const at = startAt + i * stepMs;
    const now = Math.floor((at + zone.offsetAt(at)) / HOUR);
    if (now !== hour || i === watts.length) {
      if (count > 0 && count * 2 >= perHour) take(hourStart, values.subarray(0, count).sort());
      count = 0;
      hourStart = at;
      hour = now;
    }
    if (known[i] === 1 && count < perHour) values[count++] = watts[i] ?? 0;
  }
}

const round = (watts: number): number => Math.round(watts * 10) / 10;
