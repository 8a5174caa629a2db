import { DAY } from '@lefton/core';
import type { Zone } from '@lefton/core';
import type { LocalTimes } from './local-time.ts';

/** The offset of a zone without summer time, in milliseconds. */
export function standardOffset(zone: Zone, at: number): number {
  const year = new Date(at).getUTCFullYear();
  return Math.min(zone.offsetAt(Date.UTC(year, 0, 1)), zone.offsetAt(Date.UTC(year, 6, 1)));
}

/** Turns the times of a clock that always shows the same offset into instants in place. */
export function toFixedOffset(local: Float64Array, offset: number): void {
  local.forEach((time, i) => (local[i] = time - offset));
}

/**
 * The offset of a file's clock that was never put forward or back, else undefined. Its columns share one clock: it
 * stood on standard time when no hour is ever repeated and the columns fill the hours that spring skips about as well
 * as the time before them, in a file that knows at least a day on either side.
 */
export function standingOffset(columns: readonly LocalTimes[], zone: Zone): number | undefined {
  const springs = springsOf(columns, zone);
  if (springs.size === 0 || columns.some(({ repeats }) => repeats)) return undefined;
  let [first, last] = [Infinity, -Infinity];
  for (const { raw } of columns) {
    for (const time of raw.at) {
      if (time < first) first = time;
      if (time > last) last = time;
      const spring = springs.get(Math.floor(time / DAY));
      if (spring !== undefined && time < spring.from && time >= spring.from - spring.jump)
        spring.before.add(time);
    }
  }
  const ranThrough = [...springs.values()].every(
    ({ from, inside, before }) =>
      inside.size > 0 && inside.size * 2 >= before.size && from - first >= DAY && last - from >= DAY,
  );
  return ranThrough ? standardOffset(zone, first) : undefined;
}

/** An hour that spring skips, and the rows around it. */
interface Spring {
  from: number;
  readonly jump: number;
  /** Times in it at which some column has a value. */
  readonly inside: Set<number>;
  /** Times of rows in the hour before. */
  readonly before: Set<number>;
}

/** The hours skipped that the file has rows in, by day. */
function springsOf(columns: readonly LocalTimes[], zone: Zone): Map<number, Spring> {
  const springs = new Map<number, Spring>();
  for (const { raw, skipped } of columns) {
    for (const i of skipped) {
      const [time, value] = [raw.at[i] ?? NaN, raw.value[i] ?? NaN];
      const day = Math.floor(time / DAY);
      const jump = Math.abs(zone.offsetAt(time + DAY) - zone.offsetAt(time - DAY));
      const spring = springs.get(day) ?? { from: time, jump, inside: new Set(), before: new Set() };
      springs.set(day, spring);
      spring.from = Math.min(spring.from, time);
      // fillers: files with 24 rows on every day show blanks or zeros here
      if (value !== 0 && !Number.isNaN(value)) spring.inside.add(time);
    }
  }
  return springs;
}
