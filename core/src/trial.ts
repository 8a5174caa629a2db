import { cadenceOf, reportingOf } from './cadence.ts';
import type { CompiledModel } from './compiled.ts';
import { evaluateRuns } from './evaluate.ts';
import type { Evaluation } from './evaluate.ts';
import type { History } from './fit.ts';
import { inject } from './injection.ts';
import type { Uniform } from './injection.ts';
import { defaultPolicy } from './policy.ts';
import type { Policy } from './policy.ts';
import { toSeries } from './series.ts';
import type { Series } from './series.ts';
import { SeriesRun } from './series-run.ts';
import { DAY, HOUR, MINUTE } from './time.ts';
import type { Instant, Stretch } from './time.ts';

/** What a model came to on the held-out weeks. Shares are 0..1. */
export interface Figures {
  /** Of the appliances that were added; null where there was room for none. */
  readonly recall: number | null;
  readonly recallWithinHour: number | null;
  /** Null where nothing was found. */
  readonly medianDelayMs: number | null;
  /** On the weeks as they were, without what is known to have been left on. */
  readonly falseAlarms: number;
  readonly falseAlarmsPer30Days: number;
  /** Share of the readings inside the expected range; null where there is none yet. */
  readonly covered: number | null;
}

/** What is known of before the trial, so that what is trailing is there. */
const WARM_UP = DAY;

/** What a trial is made of besides its series. */
export interface TrialOptions {
  /** What was really left on: neither a false alarm nor disturbed. */
  readonly known?: readonly Stretch[];
  readonly policy?: Policy;
  /** By default drawn from the data: the same series gives the same trial. */
  readonly uniform?: Uniform;
}

/** Weeks of a home, as they were and with appliances left on in them, for several models to be run over. */
export class Trial {
  readonly clean: Series;
  readonly injected: Series;
  /** First step that is tested. */
  readonly cut: number;
  /** Known days from there on. */
  readonly days: number;
  /** When appliances were left on. */
  readonly windows: readonly Stretch[];
  readonly #known: readonly Stretch[];
  readonly #policy: Policy;

  constructor(
    clean: Series,
    cut: number,
    { known = [], policy = defaultPolicy, uniform = uniformOf(clean) }: TrialOptions = {},
  ) {
    this.clean = clean;
    this.cut = cut;
    this.days = (clean.known.subarray(cut).reduce((sum, flag) => sum + flag, 0) * clean.stepMs) / DAY;
    const { injected, windows } = inject(clean, cut, uniform, known);
    this.injected = injected;
    this.windows = windows;
    this.#known = known;
    this.#policy = policy;
  }

  /** The last weeks of a history, in the steps that a fit would take, with a day before them. */
  static of(history: History, from: Instant, options: TrialOptions = {}): Trial {
    const first = indexFrom(history.at, from - WARM_UP);
    const at = history.at.subarray(first);
    const power = history.watts.subarray(first);
    const clean = toSeries(at, power, cadenceOf(reportingOf(at, power)));
    return new Trial(clean, Math.max(0, Math.ceil((from - clean.startAt) / clean.stepMs)), options);
  }

  /** Runs a model over both series. */
  runs(model: CompiledModel): Readonly<Record<'clean' | 'injected', SeriesRun>> {
    const run = (series: Series): SeriesRun => {
      const own = new SeriesRun(series, this.#policy, this.cut - WARM_UP / series.stepMs);
      own.upTo(series.watts.length, model);
      return own;
    };
    return { clean: run(this.clean), injected: run(this.injected) };
  }

  /** Judges a model by its alarms. */
  run(model: CompiledModel): Figures {
    const { startAt, stepMs, known, watts } = this.clean;
    const { clean, injected } = this.runs(model);
    const { recall, recallWithinHour, medianDelayMs, falseAlarms } = this.judge(clean.on, injected.on);
    let [inside, judged] = [0, 0];
    for (let i = this.cut; i < known.length; i++) {
      const range = known[i] === 1 ? model.expectedAt(startAt + i * stepMs) : undefined;
      if (range?.known !== true) continue;
      const power = watts[i] ?? NaN;
      judged++;
      if (power >= range.low && power <= range.high) inside++;
    }
    return {
      recall,
      recallWithinHour,
      medianDelayMs,
      falseAlarms,
      falseAlarmsPer30Days: this.days > 0 ? (falseAlarms / this.days) * 30 : 0,
      covered: judged === 0 ? null : inside / judged,
    };
  }

  /** Judges alarms: 1 per step of the clean and of the injected series at which one was on. */
  judge(cleanOn: Uint8Array, injectedOn: Uint8Array): Evaluation {
    const { startAt, stepMs } = this.clean;
    const needless = Uint8Array.from(cleanOn);
    for (const { from, to } of this.#known)
      needless.fill(0, Math.max(0, place(from, this.clean)), Math.max(0, place(to + HOUR, this.clean)));
    const { cut, windows, days } = this;
    return evaluateRuns({ startAt, stepMs, cleanOn: needless, injectedOn, cut, windows, cleanDays: days });
  }
}

const place = (at: Instant, { startAt, stepMs }: Series): number => Math.floor((at - startAt) / stepMs);

function indexFrom(at: Float64Array, moment: Instant): number {
  const index = at.findIndex((instant) => instant >= moment);
  return index < 0 ? at.length : index;
}

/** A linear congruential generator whose seed is the data. Source: Numerical Recipes, 2nd ed., ch. 7.1. */
function uniformOf({ watts, known, startAt }: Series): Uniform {
  let state = Math.floor(startAt / MINUTE) | 0;
  for (let i = 0; i < watts.length; i++)
    if (known[i] === 1) state = (Math.imul(state, 31) + Math.round(watts[i] ?? 0)) | 0;
  return (low, high) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return low + ((high - low) * state) / 2 ** 32;
  };
}
