import {
  cadenceOf,
  DAY,
  HOUR,
  indexFrom,
  notLearned,
  reportingOf,
  toSeries,
  without,
  Zone,
} from '@lefton/core';
import type { History, Instant, Stretch, Window } from '@lefton/core';

/** So many values say how the power of an hour was distributed. */
const VALUES_PER_HOUR = 12;
/** Below this much history there is nothing to learn, as in core. */
const LEAST_HOURS = 24;
/** A table is made for the four weeks to come; a season counts as seen from as much on. */
const SEASON_DAYS = 28;

/** What a network learns from: places in the calendar, watts alongside. */
export interface Lessons {
  /** Bucket of the local week: weekday (0 = Monday) * 24 + hour. */
  readonly bucket: Uint8Array;
  /** 0 December to February, 1 March to May, 2 June to August, 3 September to November. */
  readonly season: Uint8Array;
  readonly watts: Float64Array;
  /** The season of the weeks after the history, or that of its last weeks where it has not seen the next one. */
  readonly nextSeason: number;
  readonly hours: number;
}

/** What is learned of a history; what `fit` is asked for will do. */
export interface LessonOptions {
  readonly zone: string;
  /** Local days since 1970 that count as Sundays. */
  readonly holidays?: readonly number[];
  /** `left_on` and `away` are not learned; `fine` is. */
  readonly windows?: readonly Window[];
  /** Stretches that alarmed. Of those that nobody spoke about, what has come to stay is learned. */
  readonly alarmed?: readonly Stretch[];
  /** Only what is from here on. */
  readonly from?: Instant;
  /** Only what is before. */
  readonly until?: Instant;
}

/**
 * A history in the steps of core's fit. Of each local hour that is half known twelve evenly spaced quantiles stand for
 * its steps, or the steps themselves where it has no more: a year of minutes is 100,000 values instead of 500,000.
 * @throws Error with less than a day of history
 */
export function lessonsOf(history: History, options: LessonOptions): Lessons {
  const zone = new Zone(options.zone);
  const holidays = new Set(options.holidays);
  const first = indexFrom(history, options.from ?? -Infinity);
  const end = indexFrom(history, options.until ?? Infinity);
  const own = { at: history.at.subarray(first, end), watts: history.watts.subarray(first, end) };
  const excluded = (options.windows ?? []).filter(({ label }) => label !== 'fine');
  const series = without(toSeries(own.at, own.watts, cadenceOf(reportingOf(own.at, own.watts))), [
    ...excluded,
    ...notLearned(options, Math.min(options.until ?? Infinity, own.at.at(-1) ?? 0), zone),
  ]);
  const perHour = Math.max(1, Math.round(HOUR / series.stepMs));
  const lessons = { bucket: [] as number[], season: [] as number[], watts: [] as number[] };
  let hours = 0;
  let values: number[] = [];
  let hourStart = series.startAt;
  const finish = (): void => {
    if (values.length === 0 || values.length * 2 < perHour) return;
    hours++;
    const day = holidays.has(zone.dayNumber(hourStart)) ? 6 : zone.weekday(hourStart);
    for (const value of thinned(values)) {
      lessons.bucket.push(day * 24 + zone.hour(hourStart));
      lessons.season.push(seasonAt(zone, hourStart));
      lessons.watts.push(value);
    }
  };
  let hour = NaN;
  for (const [i, mean] of series.watts.entries()) {
    const instant = series.startAt + i * series.stepMs;
    const now = Math.floor((instant + zone.offsetAt(instant)) / HOUR);
    if (now !== hour) {
      finish();
      values = [];
      hourStart = instant;
      hour = now;
    }
    if (series.known[i] === 1) values.push(mean);
  }
  finish();
  if (hours < LEAST_HOURS)
    throw new Error(`${hours} hours are too few to learn from: it takes ${LEAST_HOURS}`);
  return {
    bucket: Uint8Array.from(lessons.bucket),
    season: Uint8Array.from(lessons.season),
    watts: Float64Array.from(lessons.watts),
    nextSeason: nextSeason(zone, own.at, lessons.season, hours),
    hours,
  };
}

function thinned(values: readonly number[]): ArrayLike<number> & Iterable<number> {
  if (values.length <= VALUES_PER_HOUR) return values;
  const sorted = Float64Array.from(values).sort();
  return Float64Array.from({ length: VALUES_PER_HOUR }, (_, i) => {
    const place = ((i + 0.5) / VALUES_PER_HOUR) * sorted.length - 0.5;
    const below = Math.floor(place);
    const low = sorted[below] ?? NaN;
    return low + ((sorted[below + 1] ?? low) - low) * (place - below);
  });
}

function nextSeason(zone: Zone, at: Float64Array, seen: readonly number[], hours: number): number {
  const end = at.at(-1) ?? 0;
  const next = seasonAt(zone, end + (SEASON_DAYS / 2) * DAY);
  const hoursOfIt = (seen.filter((season) => season === next).length / seen.length) * hours;
  if (hoursOfIt >= SEASON_DAYS * 24) return next;
  return seasonAt(zone, Math.max(at[0] ?? 0, end - (SEASON_DAYS / 2) * DAY));
}

function seasonAt(zone: Zone, at: Instant): number {
  const month = Number(zone.format(at).slice(5, 7));
  return Math.floor((month % 12) / 3);
}
