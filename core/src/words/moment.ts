import { DAY, HOUR, MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import type { Zone } from '../zone.ts';

/** A local time with as much of its day as it takes to be sure. */
export interface Moment {
  /** `clock`: within the last 20 hours; `weekday`: within 6 days; `date`: longer ago. */
  readonly named: 'clock' | 'weekday' | 'date';
  readonly year: number;
  /** 1..12 */
  readonly month: number;
  /** Of the month, 1..31. */
  readonly day: number;
  /** 0 = Monday .. 6 = Sunday */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

export function momentOf(zone: Zone, at: Instant, now: Instant): Moment {
  const local = new Date(at + zone.offsetAt(at));
  const ago = now - at;
  return {
    named: ago < 20 * HOUR ? 'clock' : ago < 6 * DAY ? 'weekday' : 'date',
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    weekday: zone.weekday(at),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
  };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `03:12` */
export const clock = ({ hour, minute }: Moment): string => `${two(hour)}:${two(minute)}`;

/** `24.03.2026` by its separator. */
export const dayMonthYear = ({ day, month, year }: Moment, separator: string): string =>
  [two(day), two(month), year].join(separator);

/** `2026-03-24` */
export const yearMonthDay = ({ day, month, year }: Moment): string => [year, two(month), two(day)].join('-');

/** How long something took, in the one or two units that matter; the others are 0. */
export interface Length {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
}

/** Below 90 minutes in minutes, below 48 hours in hours and minutes, else in days and hours. At least a minute. */
export function lengthOf(ms: number): Length {
  const minutes = Math.max(1, Math.round(ms / MINUTE));
  if (minutes < 90) return { days: 0, hours: 0, minutes };
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return { days: 0, hours, minutes: minutes % 60 };
  return { days: Math.floor(hours / 24), hours: hours % 24, minutes: 0 };
}
