import type { Series } from '../series/series.ts';
import { DAY } from '../time.ts';
import type { Instant } from '../time.ts';
import type { Zone } from '../zone.ts';
import type { Run } from './history-runs.ts';
import { weekOf } from './hourly-tails.ts';
import type { Tails } from './hourly-tails.ts';
import { leastLimit } from './least-limit.ts';
import { rarity } from './tail.ts';

/** A run of the history that is long enough to be told. */
export interface JudgedRun {
  readonly view: number;
  /** From when on it was longer than may be told of. */
  readonly from: Instant;
  readonly end: Instant;
  /** That of the day it began on. */
  readonly week: number;
  readonly rarity: number;
}

/** The last this many days are looked back at. */
const LEVEL_DAYS = 180;
/** Nothing is judged before so much is known. */
const LEAST_DAYS_BEFORE = 7;
/** A day of which less is known says nothing of its maximum. */
const LEAST_OF_DAY = 0.3;

/** What was judged of a history. */
export interface Judged {
  /** The week of each day that counts. */
  readonly weeks: readonly number[];
  /** Per view the highest rarity of each of those days; -Infinity for a day without any run. */
  readonly daily: readonly Float64Array[];
  /** Those that may be told. */
  readonly runs: readonly JudgedRun[];
}

/** The history as it would have been judged live: each run by what was known before its week. */
export class Hindsight implements Judged {
  readonly weeks: readonly number[];
  readonly daily: readonly Float64Array[];
  readonly runs: readonly JudgedRun[];

  /**
   * @param views numbers of the watchers of each
   * @param runs of each watcher, in order of time
   */
  constructor(
    steps: Series,
    zone: Zone,
    views: readonly (readonly number[])[],
    runs: readonly (readonly Run[])[],
    tails: readonly Tails[],
    progress?: (share: number) => void,
  ) {
    const before = daysBefore(steps);
    const enough = (instant: Instant): boolean => (before.get(weekOf(instant)) ?? 0) >= LEAST_DAYS_BEFORE;
    const days = wellKnownDays(steps, zone)
      .filter((day) => enough(zone.startOfDay(day)))
      .slice(-LEVEL_DAYS);
    const places = new Map(days.map((day, place) => [day, place]));
    const judged: JudgedRun[] = [];
    this.weeks = days.map((day) => weekOf(zone.startOfDay(day)));
    this.daily = views.map((members, view) => {
      const highest = new Float64Array(days.length).fill(-Infinity);
      for (const member of members) {
        for (const { since, end, hour } of runs[member] ?? []) {
          const tail = enough(since) ? tails[member]?.before(hour, since) : undefined;
          if (tail === undefined) continue;
          const known = before.get(weekOf(since)) ?? NaN;
          const last = zone.dayNumber(end - 1);
          let counts = false;
          for (let day = zone.dayNumber(since); day <= last; day++) {
            const place = places.get(day);
            if (place === undefined) continue;
            counts = true;
            const until = day === last ? end : zone.startOfDay(day + 1);
            highest[place] = Math.max(highest[place] ?? NaN, rarity(tail, until - since, known));
          }
          const from = since + leastLimit(tail);
          if (counts && end >= from)
            judged.push({
              view,
              from,
              end,
              week: weekOf(zone.startOfDay(zone.dayNumber(since))),
              rarity: rarity(tail, end - since, known),
            });
        }
      }
      progress?.((view + 1) / views.length);
      return highest;
    });
    this.runs = judged;
  }
}

/** Known days before each week of the history. */
function daysBefore({ startAt, stepMs, known }: Series): Map<number, number> {
  const before = new Map<number, number>();
  let steps = 0;
  for (let i = 0; i < known.length; i++) {
    const week = weekOf(startAt + i * stepMs);
    if (!before.has(week)) before.set(week, (steps * stepMs) / DAY);
    steps += known[i] ?? 0;
  }
  return before;
}

/** Numbers of the local days of which enough is known. */
function wellKnownDays(steps: Series, zone: Zone): number[] {
  const known = new Map<number, number>();
  for (let i = 0; i < steps.known.length; i++) {
    if (steps.known[i] !== 1) continue;
    const day = zone.dayNumber(steps.startAt + i * steps.stepMs);
    known.set(day, (known.get(day) ?? 0) + steps.stepMs);
  }
  return [...known].filter(([, ms]) => ms >= LEAST_OF_DAY * DAY).map(([day]) => day);
}
