/** Event time in milliseconds since 1970-01-01T00:00:00Z. Always an integer. */
export type Instant = number;

/** A stretch of time, from <= instant < to. */
export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
}

/** Whether two stretches have an instant in common. */
export const overlap = (one: Stretch, other: Stretch): boolean => one.from < other.to && other.from < one.to;

/** Stretches in order of time, those that overlap or touch joined into one. */
export function merged(stretches: readonly Stretch[]): Stretch[] {
  const apart: { from: Instant; to: Instant }[] = [];
  for (const { from, to } of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = apart.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else apart.push({ from, to });
  }
  return apart;
}

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** 1990 to 2200: a meter's clock outside of it was never set. */
const FIRST_INSTANT = 631_152_000_000;
const LAST_INSTANT = 7_258_118_400_000;

/** True for a whole number of milliseconds that a meter's clock can show. */
export const isInstant = (value: number): value is Instant =>
  Number.isInteger(value) && value >= FIRST_INSTANT && value < LAST_INSTANT;

/** A wall-clock time without a zone. month 1..12, day 1..31, second may carry a fraction. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Milliseconds from 1970-01-01T00:00 on the wall clock's own scale, or undefined when there is no such date. */
export function wallClockMs(clock: WallClock): number | undefined {
  const { year, month, day, hour, minute, second } = clock;
  if (year < 1900 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  // 24:00 is the end of the day in several exports
  if (hour > 24 || minute > 59 || second >= 60 || (hour === 24 && (minute > 0 || second > 0)))
    return undefined;
  const ms = Date.UTC(year, month - 1, day, hour, minute) + Math.round(second * SECOND);
  return Number.isFinite(ms) ? ms : undefined;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d(?:[.,]\d{1,9})?))?\s?(Z|z|[+-]\d\d(?::?\d\d)?)$/;

/**
 * Parses an ISO 8601 instant with an offset or Z, for example `2026-03-24T03:12:00+01:00`.
 * A time without an offset is undefined here: it needs a zone, see Zone.instantsOf.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', offset = 'Z'] = match;
  const ms = wallClockMs({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second.replace(',', '.')),
  });
  if (ms === undefined) return undefined;
  if (offset === 'Z' || offset === 'z') return ms;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', ''));
  if (hours > 23 || minutes > 59) return undefined;
  return ms - (offset.startsWith('-') ? -1 : 1) * (hours * HOUR + minutes * MINUTE);
}

/** Days since 1970 of a date written YYYY-MM-DD, as Zone.dayNumber counts local ones; NaN where it is no date. */
export const dayOfDate = (date: string): number => (parseInstant(`${date}T00:00:00Z`) ?? NaN) / DAY;

/** Formats an instant in UTC, seconds only when they matter, for example `2026-03-24T02:12:00Z`. */
export function formatUtc(at: Instant): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
