import { partOf } from '../progress.ts';
import type { Progress } from '../progress.ts';
import { lastDays, without } from '../series.ts';
import type { Series } from '../series.ts';
import { DAY, MINUTE } from '../time.ts';
import type { Stretch } from '../time.ts';
import type { Zone } from '../zone.ts';
import { alertLevels } from './alert-level.ts';
import { doubtfulDays } from './belief.ts';
import { HourlyTails, runsOf } from './history-runs.ts';
import type { Run, Tails } from './history-runs.ts';
import type { LeftOnParameters, WatcherLimits } from './parameters.ts';
import { lengthAt, rarity } from './tail.ts';
import { viewsFor } from './watchers.ts';
import type { Watcher } from './watchers.ts';

/** A home's history and what is known of it. */
export interface FitInput extends Series {
  readonly zone: Zone;
  readonly falseAlarmsPerMonth: number;
  /** Not learned: incidents, away. */
  readonly excluded: readonly Stretch[];
  /** Alarmed, and nobody said what it was. */
  readonly alarmed?: readonly Stretch[];
  /** How long runs get, one for each watcher; by default the longest of each hour, see HourlyTails. */
  readonly tails?: TailsOf;
  readonly progress?: Progress | undefined;
}

/** Tells from the runs of a history how long those of each watcher get. */
export type TailsOf = (learned: LearnedRuns) => readonly Tails[];

/** The runs of a history that are learned. */
export interface LearnedRuns {
  readonly steps: Series;
  /** Known days of it. */
  readonly days: number;
  readonly watchers: readonly Watcher[];
  /** One list for each watcher, in order of time. */
  readonly runs: readonly (readonly Run[])[];
}

/** The parameters, or why there are none yet. */
export type FitOutcome =
  | { readonly kind: 'fitted'; readonly parameters: LeftOnParameters; readonly days: number }
  | { readonly kind: 'unknown'; readonly why: string; readonly days: number };

/** Runs are taken from this much history, the alert level from the last of it, the base from the very last. */
const RUN_DAYS = 365;
const LEVEL_DAYS = 180;
const BASE_DAYS = 14;
const LEAST_DAYS = 7;
/** A day of which less is known says nothing of its maximum. */
const LEAST_OF_DAY = 0.3;
/** A level learned from the past holds a little less in the future: a tenth of the budget is kept back. */
const AIM = 0.9;
/** What is called unusual is longer than the longest that was ever seen around that hour by this factor. */
const BEYOND_LONGEST = 1.15;
/** Shorter than this nothing is called left on. */
const LEAST_LIMIT_MIN = 20;

/** What is done once the runs are found, and once it is known how long they get. */
const [RUNS_DONE, TAILS_DONE] = [0.4, 0.65];

/** Learns how long runs get in a home, and from which length on they are rarer than the budget. Deterministic. */
export function fitLeftOn(input: FitInput): FitOutcome {
  const baseW = baseOf(input);
  const learned = learnedRuns(input, baseW);
  const { steps, days, watchers, runs } = learned;
  if (days < LEAST_DAYS) {
    const why = `${days.toFixed(1)} days of readings; the first ${LEAST_DAYS} days are for learning`;
    return { kind: 'unknown', why, days };
  }
  const { zone, falseAlarmsPerMonth, tails: tailsOf = hourlyTails } = input;
  const views = viewsFor(steps.stepMs / MINUTE);
  const tails = tailsOf(learned);
  const rarities = partOf(input.progress, TAILS_DONE, 1);
  rarities?.(0);
  const ordinals = dayOrdinals(steps, zone);
  let next = 0;
  const indices = views.map((view) => view.watchers.map(() => next++));
  const daily = indices.map((members, view) => {
    const highest = dailyRarity(members, runs, tails, ordinals, days, zone);
    rarities?.((view + 1) / indices.length);
    return highest;
  });
  const levels = alertLevels(daily, AIM * falseAlarmsPerMonth);
  const limits = indices.flatMap((members, view) =>
    members.map((i) => limitsOf(watchers[i], tails[i], levels[view] ?? Infinity, days)),
  );
  const parameters = { stepMs: steps.stepMs, baseW: tenth(baseW), days: tenth(days), watchers: limits };
  return { kind: 'fitted', parameters, days };
}

/** The runs of all watchers over what is to be learned. */
export function learnedRuns(input: FitInput, baseW = baseOf(input)): LearnedRuns {
  const steps = learnable(input);
  const watchers = viewsFor(steps.stepMs / MINUTE).flatMap((view) => view.watchers);
  const progress = partOf(input.progress, 0, RUNS_DONE);
  const days = (count(steps.known) * steps.stepMs) / DAY;
  return { steps, days, watchers, runs: runsOf(steps, watchers, baseW, input.zone, progress) };
}

const hourlyTails: TailsOf = ({ runs }) => runs.map((found) => new HourlyTails(found));

function limitsOf(
  watcher: Watcher | undefined,
  tails: Tails | undefined,
  level: number,
  days: number,
): WatcherLimits {
  if (watcher === undefined || tails === undefined) throw new RangeError('a watcher without tails');
  const hours = Array.from({ length: 24 }, (_, hour) => tails.at(hour));
  return {
    ...watcher,
    limitMin: hours.map((tail) => {
      const length = Math.max(lengthAt(tail, level, days), BEYOND_LONGEST * tail.longest);
      return tenth(Math.max(LEAST_LIMIT_MIN, length / MINUTE));
    }),
    longestMin: hours.map((tail) => tenth(Math.max(0, tail.longest / MINUTE - watcher.bridgeMin))),
  };
}

/** Highest rarity of a view's runs on each day that counts, each run judged without the week it was in. */
function dailyRarity(
  members: readonly number[],
  runs: readonly (readonly Run[])[],
  tails: readonly Tails[],
  ordinals: ReadonlyMap<number, number>,
  days: number,
  zone: Zone,
): Float64Array {
  const highest = new Float64Array(ordinals.size).fill(-Infinity);
  const otherDays = Math.max(1, days - 7);
  for (const i of members) {
    for (const { since, end, hour } of runs[i] ?? []) {
      const tail = tails[i]?.without(hour, since);
      if (tail === undefined) continue;
      const last = zone.dayNumber(end - 1);
      for (let day = zone.dayNumber(since); day <= last; day++) {
        const ordinal = ordinals.get(day);
        if (ordinal === undefined) continue;
        const until = day === last ? end : zone.startOfDay(day + 1);
        highest[ordinal] = Math.max(highest[ordinal] ?? NaN, rarity(tail, until - since, otherDays));
      }
    }
  }
  return highest;
}

/** The last local days of which enough is known, numbered. */
function dayOrdinals(steps: Series, zone: Zone): Map<number, number> {
  const known = new Map<number, number>();
  for (let i = 0; i < steps.known.length; i++) {
    if (steps.known[i] !== 1) continue;
    const day = zone.dayNumber(steps.startAt + i * steps.stepMs);
    known.set(day, (known.get(day) ?? 0) + steps.stepMs);
  }
  const enough = [...known].filter(([, ms]) => ms >= LEAST_OF_DAY * DAY).map(([day]) => day);
  return new Map(enough.slice(-LEVEL_DAYS).map((day, ordinal) => [day, ordinal]));
}

/** The last days of the history, without what is not to be learned. */
function learnable(input: FitInput): Series {
  const steps = lastDays(input, RUN_DAYS);
  const { excluded, alarmed = [], falseAlarmsPerMonth, zone } = input;
  const until = steps.startAt + steps.watts.length * steps.stepMs;
  return without(steps, [...excluded, ...doubtfulDays(alarmed, until, falseAlarmsPerMonth, zone)]);
}

/**
 * Usual power of the last known days that are to be learned. Days in doubt count: the median hardly feels what was left
 * on for a while, and it must follow the season.
 */
function baseOf(input: FitInput): number {
  const { watts, known, stepMs } = without(input, input.excluded);
  const most = Math.round((BASE_DAYS * DAY) / stepMs);
  const values: number[] = [];
  for (let i = watts.length - 1; i >= 0 && values.length < most; i--) {
    if (known[i] === 1) values.push(watts[i] ?? NaN);
  }
  return Float64Array.from(values).sort()[values.length >> 1] ?? 0;
}

const count = (known: Uint8Array): number => known.reduce((sum, value) => sum + value, 0);
const tenth = (value: number): number => Math.round(value * 10) / 10;
