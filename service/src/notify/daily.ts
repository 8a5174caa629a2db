import { MINUTE } from '@lefton/core';
import type { Instant, Zone } from '@lefton/core';

const DAY_MINUTES = 1_440;

/** Local minutes of the day, from <= minute < to; over midnight where `from` is the later one. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

/** `22:00-07:00`; undefined for any other text. */
export function parseQuietHours(text: string): QuietHours | undefined {
  const [from, to, ...rest] = text.split('-').map(parseTime);
  return from === undefined || to === undefined || rest.length > 0 || from === to ? undefined : { from, to };
}

/** Minutes of `07:30`; undefined for any other text. */
export function parseTime(text: string): number | undefined {
  const [, hour, minute] = /^\s*(\d{1,2}):(\d\d)\s*$/.exec(text) ?? [];
  const [hours, minutes] = [Number(hour), Number(minute)];
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : undefined;
}

/** When the quiet hours are over that hold now; null where none hold. */
export function endOfQuiet({ from, to }: QuietHours, zone: Zone, now: Instant): Instant | null {
  const minute = zone.minuteOfDay(now);
  const quiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  return quiet ? nextTime(to, zone, now) : null;
}

/**
 * The first instant after `after` at which the clock shows a local time. Where spring skips it, the end of the skipped
 * hour; where autumn repeats it, the first of the two that is after it.
 * @param minute of the local day
 */
export function nextTime(minute: number, zone: Zone, after: Instant): Instant {
  const today = zone.dayNumber(after);
  for (const day of [today, today + 1]) {
    const at = timesOn(day, minute, zone).find((each) => each > after);
    if (at !== undefined) return at;
  }
  return timesOn(today + 2, minute, zone)[0] ?? zone.startOfDay(today + 3);
}

function timesOn(day: number, minute: number, zone: Zone): readonly Instant[] {
  for (let later = minute; later < minute + DAY_MINUTES; later++) {
    const instants = zone.instantsOf((day * DAY_MINUTES + later) * MINUTE);
    if (instants.length > 0) return instants;
  }
  return [];
}
