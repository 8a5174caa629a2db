import { partOf } from '../progress.ts';
import type { Progress } from '../progress.ts';
import { knownDays, lastDays, without } from '../series/series.ts';
import type { Series } from '../series/series.ts';
import { DAY, MINUTE } from '../time.ts';
import type { Stretch } from '../time.ts';
import type { Zone } from '../zone.ts';
import { alertLevels } from './alert-level.ts';
import { Hindsight } from './hindsight.ts';
import { runsOf } from './history-runs.ts';
import type { Run } from './history-runs.ts';
import { HourlyTails } from './hourly-tails.ts';
import type { Tails } from './hourly-tails.ts';
import { leastLimit } from './least-limit.ts';
import type { LeftOnParameters, WatcherLimits } from './parameters.ts';
import { lengthAt } from './tail.ts';
import { viewsFor } from './watchers.ts';
import type { Watcher } from './watchers.ts';

/** A home's history and what is known of it. */
export interface FitInput extends Series {
  readonly zone: Zone;
  readonly falseAlarmsPerMonth: number;
  /** Not learned: incidents, away. */
  readonly excluded: readonly Stretch[];
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

/** Runs are taken from this much history, the base from the very last. */
const RUN_DAYS = 365;
const BASE_DAYS = 14;
const LEAST_DAYS = 7;

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
  let next = 0;
  const members = views.map((view) => view.watchers.map(() => next++));
  const progress = partOf(input.progress, TAILS_DONE, 1);
  const hindsight = new Hindsight(steps, zone, members, runs, tails, progress);
  const handicaps = views.map(({ handicap }) => handicap);
  const levels = alertLevels(hindsight, falseAlarmsPerMonth, handicaps);
  const limits = members.flatMap((own, view) =>
    own.map((i) => limitsOf(watchers[i], tails[i], levels[view] ?? Infinity, days, steps.stepMs)),
  );
  const parameters = { stepMs: steps.stepMs, baseW: tenth(baseW), days: tenth(days), watchers: limits };
  return { kind: 'fitted', parameters, days };
}

/** The runs of all watchers over what is to be learned. */
export function learnedRuns(input: FitInput, baseW = baseOf(input)): LearnedRuns {
  const steps = learnable(input);
  const watchers = viewsFor(steps.stepMs / MINUTE).flatMap((view) => view.watchers);
  const progress = partOf(input.progress, 0, RUNS_DONE);
  const days = knownDays(steps);
  return { steps, days, watchers, runs: runsOf(steps, watchers, baseW, input.zone, progress) };
}

const hourlyTails: TailsOf = ({ runs }) => runs.map((found) => new HourlyTails(found));

function limitsOf(
  watcher: Watcher | undefined,
  tails: Tails | undefined,
  level: number,
  days: number,
  stepMs: number,
): WatcherLimits {
  if (watcher === undefined || tails === undefined) throw new RangeError('a watcher without tails');
  const hours = Array.from({ length: 24 }, (_, hour) => tails.at(hour));
  // a run is given up with the first step after its bridge: the whole steps within it were waited for
  const bridgedMs = Math.floor((watcher.bridgeMin * MINUTE) / stepMs) * stepMs;
  return {
    ...watcher,
    limitMin: hours.map((tail) => {
      return tenth(Math.max(lengthAt(tail, level, days), leastLimit(tail)) / MINUTE);
    }),
    longestMin: hours.map((tail) => tenth(Math.max(0, tail.longest - bridgedMs) / MINUTE)),
  };
}

/** The last days of the history, without what is not to be learned. */
function learnable(input: FitInput): Series {
  return without(lastDays(input, RUN_DAYS), input.excluded);
}

/** Usual power of the last known days that are to be learned. */
function baseOf(input: FitInput): number {
  const { watts, known, stepMs } = without(input, input.excluded);
  const most = Math.round((BASE_DAYS * DAY) / stepMs);
  const values: number[] = [];
  for (let i = watts.length - 1; i >= 0 && values.length < most; i--) {
    if (known[i] === 1) values.push(watts[i] ?? NaN);
  }
  return Float64Array.from(values).sort()[values.length >> 1] ?? 0;
}

const tenth = (value: number): number => Math.round(value * 10) / 10;
