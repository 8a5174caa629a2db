import { DAY, HOUR, MINUTE, Zone } from '@lefton/core';
import type { Instant } from '@lefton/core';

export const ZONE = new Zone('Europe/Amsterdam');

/** What kind of day it is for the people who live there. */
type DayKind = 'work' | 'weekend' | 'holiday' | 'school_holiday';

export interface Day {
  /** Local days since 1970-01-01. */
  readonly number: number;
  /** `2025-12-25` */
  readonly date: string;
  /** 0 = Monday .. 6 = Sunday. */
  readonly weekday: number;
  readonly kind: DayKind;
}

const HOLIDAYS = new Set(['2025-12-25', '2025-12-26', '2026-01-01']);
/** School holidays of the north of the Netherlands, first and last day. */
const SCHOOL_HOLIDAYS = [
  ['2025-12-20', '2026-01-04'],
  ['2026-02-21', '2026-03-01'],
] as const;

const dateOf = (dayNumber: number): string => new Date(dayNumber * DAY).toISOString().slice(0, 10);

function kindOf(date: string, weekday: number): DayKind {
  if (HOLIDAYS.has(date)) return 'holiday';
  if (weekday >= 5) return 'weekend';
  return SCHOOL_HOLIDAYS.some(([from, to]) => date >= from && date <= to) ? 'school_holiday' : 'work';
}

/** Minutes of the simulated time, counted from its start; local wall-clock times are turned into them. */
export class Calendar {
  readonly startAt: Instant;
  readonly minutes: number;
  readonly days: readonly Day[];

  /** first: the first local day; end: the local day after the last. As `2025-12-01`. */
  constructor(first: string, end: string) {
    const [from, to] = [Date.parse(first) / DAY, Date.parse(end) / DAY];
    this.startAt = ZONE.startOfDay(from);
    this.minutes = (ZONE.startOfDay(to) - this.startAt) / MINUTE;
    this.days = Array.from({ length: to - from }, (_, i) => {
      const number = from + i;
      const weekday = (number + 3) % 7;
      const date = dateOf(number);
      return { number, date, weekday, kind: kindOf(date, weekday) };
    });
  }

  /** The minute at which the wall clock shows so many minutes of that day; 1440 and more are the next day. */
  minuteOf(day: Day, minuteOfDay: number): number {
    const local = day.number * DAY + minuteOfDay * MINUTE;
    // the hour that spring skips: an hour later
    const at = ZONE.instantsOf(local)[0] ?? ZONE.instantsOf(local + HOUR)[0] ?? NaN;
    return (at - this.startAt) / MINUTE;
  }

  /** The minute at which it is `2026-03-24T03:12` there. */
  minuteAt(local: string): number {
    const at = ZONE.instantsOf(Date.parse(`${local}Z`))[0] ?? NaN;
    return (at - this.startAt) / MINUTE;
  }

  instantOf(minute: number): Instant {
    return this.startAt + minute * MINUTE;
  }
}

/** Sunrise and sunset in Amsterdam, minutes of the UTC day. */
const DAYLIGHT = [
  ['2025-12-01', 448, 931],
  ['2025-12-21', 467, 929],
  ['2026-01-15', 461, 957],
  ['2026-02-10', 425, 1004],
  ['2026-03-01', 384, 1040],
  ['2026-03-28', 322, 1087],
  ['2026-04-10', 292, 1109],
] as const;

/** True between sunrise and sunset. */
export function isLight(at: Instant): boolean {
  const minute = (at % DAY) / MINUTE;
  let [before, after] = [DAYLIGHT[0], DAYLIGHT[0]] as readonly (typeof DAYLIGHT)[number][];
  for (const row of DAYLIGHT) {
    after = row;
    if (Date.parse(row[0]) > at) break;
    before = row;
  }
  if (before === undefined || after === undefined) return false;
  const span = Date.parse(after[0]) - Date.parse(before[0]);
  const part = span === 0 ? 0 : (at - Date.parse(before[0])) / span;
  const rise = before[1] + (after[1] - before[1]) * part;
  const set = before[2] + (after[2] - before[2]) * part;
  return minute > rise && minute < set;
}
