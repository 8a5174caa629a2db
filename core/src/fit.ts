import { cadenceOf, reportingOf } from './series/cadence.ts';
import type { Reporting } from './series/cadence.ts';
import { notLearned } from './refit/come-to-stay.ts';
import { fitExpected } from './model/expected.ts';
import { fitLeftOn, learnedRuns } from './left-on/index.ts';
import type { FitInput, LearnedRuns, TailsOf } from './left-on/index.ts';
import type { LeftOnModel } from './model/model.ts';
import { partOf } from './progress.ts';
import type { Progress } from './progress.ts';
import { frozenReadings } from './series/frozen.ts';
import { before, endOf } from './series/history.ts';
import type { History } from './series/history.ts';
import type { Cadence } from './series/resampler.ts';
import { knownDays, lastDays, toSeries, without } from './series/series.ts';
import type { Series } from './series/series.ts';
import { DAY, formatUtc, HOUR, SECOND } from './time.ts';
import type { Instant, Stretch } from './time.ts';
import type { Window } from './series/window.ts';
import { Zone } from './zone.ts';

/** What a fit is asked for. */
export interface FitOptions {
  readonly zone: string;
  readonly meter: string | null;
  /** Learn from readings before this only. */
  readonly until?: Instant;
  /** The person's budget. */
  readonly falseAlarmsPerMonth: number;
  /** `left_on` and `away` are not learned; `fine` is. */
  readonly windows?: readonly Window[];
  /** Stretches that alarmed. Of those that nobody spoke about, what has come to stay is learned. */
  readonly alarmed?: readonly Stretch[];
  /** Local days since 1970 that count as Sundays. */
  readonly holidays?: readonly number[];
  /** How long runs get, where it was learned elsewhere. */
  readonly tails?: TailsOf;
  /** Provenance: what the history is, for people. */
  readonly fittedOn: string;
  readonly sha256: string | null;
  readonly software: string;
  /** Called now and then, where somebody waits. */
  readonly progress?: Progress | undefined;
}

/** Thresholds drift less with more days; until here the model says that it is learning. */
const READY_DAYS = 56;
/** The expected range follows the season. */
const RANGE_DAYS = 120;
/** What is done once the history is in steps, and once the runs are learned of; the rest is the expected range. */
const [STEPS_DONE, RUNS_DONE] = [0.15, 0.97];

/** A meter that reports less often than about every two hours, such as once a day, never tells how long something was on. */
const MOST_SELDOM = 2.5 * HOUR;

/** What is learned of a history, in steps. */
interface Learnable {
  readonly at: Float64Array;
  readonly series: Series;
  readonly cadence: Cadence;
  readonly reporting: Reporting;
  readonly frozenMs: number | null;
  /** Without what is not to be learned. */
  readonly excluded: readonly Stretch[];
  readonly input: FitInput;
}

function learnable(history: History, options: FitOptions): Learnable {
  const known = before(history, options.until ?? Infinity);
  const { at, watts } = known;
  const reporting = reportingOf(at, watts);
  const { frozenMs } = reporting;
  options.progress?.(STEPS_DONE / 2);
  const cadence = cadenceOf(reporting);
  const frozen = frozenMs === null ? null : frozenReadings(known, frozenMs);
  const series = toSeries(at, watts, cadence, (i) => frozen === null || frozen[i] === 0);
  options.progress?.(STEPS_DONE);
  const windows = options.windows ?? [];
  const zone = Zone.named(options.zone);
  const until = endOf(known, options.until);
  const excluded = [...windows.filter(({ label }) => label !== 'fine'), ...notLearned(options, until, zone)];
  const input = {
    ...series,
    zone,
    falseAlarmsPerMonth: options.falseAlarmsPerMonth,
    excluded,
    ...(options.tails === undefined ? {} : { tails: options.tails }),
    progress: partOf(options.progress, STEPS_DONE, RUNS_DONE),
  };
  return { at, series, cadence, reporting, frozenMs, excluded, input };
}

/** The runs that a fit learns from: for those who learn in another way how long they get. */
export const runsOf = (history: History, options: FitOptions): LearnedRuns =>
  learnedRuns(learnable(history, options).input);

/** Fits a home's model from its history. Deterministic. With too little history it says so in the model. */
export function fit(history: History, options: FitOptions): LeftOnModel {
  const { at, series, cadence, reporting, frozenMs, excluded, input } = learnable(history, options);
  const { zone } = input;
  const end = at.length;
  const seldom = tooSeldom(reporting);
  const outcome = seldom === null ? fitLeftOn(input) : { kind: 'unknown' as const, why: seldom };
  const days = knownDays(series);
  const expected = fitExpected(
    lastDays(without(series, excluded), RANGE_DAYS),
    zone,
    new Set(options.holidays),
  );
  options.progress?.(1);
  return {
    format: 'lefton-model',
    version: 1,
    kind: 'left-on',
    meter: options.meter,
    zone: zone.name,
    provenance: {
      fitted_on: options.fittedOn,
      sha256: options.sha256,
      from: formatUtc(at[0] ?? 0),
      until: formatUtc(at[end - 1] ?? 0),
      days: Math.round(days * 10) / 10,
      readings: end,
      software: options.software,
      quality: null,
      notes: [],
    },
    cadence: {
      step_s: cadence.stepMs / SECOND,
      hold_s: cadence.holdMs / SECOND,
      reading_per_step: cadence.readingPerStep,
      frozen_s: frozenMs === null ? null : frozenMs / SECOND,
    },
    mode: days < READY_DAYS ? 'learning' : 'ready',
    false_alarms_per_month: options.falseAlarmsPerMonth,
    holidays: (options.holidays ?? []).map((day) => formatUtc(day * DAY).slice(0, 10)),
    expected,
    left_on: outcome.kind === 'fitted' ? outcome.parameters : null,
    why: outcome.kind === 'fitted' ? null : outcome.why,
  };
}

function tooSeldom({ periodMs, regular }: Reporting): string | null {
  if (!regular || periodMs <= MOST_SELDOM) return null;
  return `a reading every ${Math.round(periodMs / HOUR)} hours; one in an hour or more often is needed`;
}
