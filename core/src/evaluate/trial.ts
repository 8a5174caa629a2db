import { cadenceOf, reportingOf } from '../series/cadence.ts';
import type { CompiledModel } from '../model/compiled.ts';
import { evaluateRuns, pooled } from './evaluate.ts';
import type { Evaluation } from './evaluate.ts';
import { indexFrom } from '../series/history.ts';
import type { History } from '../series/history.ts';
import { inject } from './injection.ts';
import type { Injection, Uniform } from './injection.ts';
import { defaultPolicy } from '../policy.ts';
import type { Policy } from '../policy.ts';
import { knownDays, toSeries } from '../series/series.ts';
import type { Series } from '../series/series.ts';
import { SeriesRun } from '../series/series-run.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';
import type { Instant, Stretch } from '../time.ts';

/** What a model found on the held-out weeks. Shares are 0..1. */
export interface Finds {
  /** Of the appliances that were added; null where there was room for none. */
  readonly recall: number | null;
  readonly recallWithinHour: number | null;
  /** Null where nothing was found. */
  readonly medianDelayMs: number | null;
  /** One per appliance, in the order of the trial's windows; null = not found. */
  readonly delaysMs: readonly (number | null)[];
}

/** What a model told on the weeks as they were, without what is known to have been left on. */
export interface Needless {
  readonly falseAlarms: number;
  readonly falseAlarmsPer30Days: number;
  /** Share of the readings inside the expected range; null where there is none yet. */
  readonly covered: number | null;
}

/** What a model came to on the held-out weeks. */
export interface Figures extends Finds, Needless {}

/** How much of the time before the trial is folded first, so that what is trailing is there. */
const WARM_UP = DAY;

/** What a trial is made of besides its series. */
export interface TrialOptions {
  /** What was really left on: neither a false alarm nor disturbed. */
  readonly known?: readonly Stretch[];
  readonly policy?: Policy;
  /** By default drawn from the data: the same series gives the same trial. */
  readonly uniform?: Uniform;
  /** So often appliances are left on over the same weeks, at other times: two weeks have room for some twelve. At least 1. */
  readonly draws?: number;
}

/** Weeks of a home, as they were and with appliances left on in them, for several models to be run over. */
export class Trial {
  readonly clean: Series;
  /** The first draw. */
  readonly injected: Series;
  /** First step that is tested. */
  readonly cut: number;
  /** Known days from there on. */
  readonly days: number;
  /** When appliances were left on, one draw after the other. */
  readonly windows: readonly Stretch[];
  readonly #injections: readonly [Injection, ...Injection[]];
  readonly #known: readonly Stretch[];
  readonly #policy: Policy;

  constructor(
    clean: Series,
    cut: number,
    { known = [], policy = defaultPolicy, uniform = uniformOf(clean), draws = 1 }: TrialOptions = {},
  ) {
    this.clean = clean;
    this.cut = cut;
    this.days = knownDays({ ...clean, known: clean.known.subarray(cut) });
    const draw = (): Injection => inject(clean, cut, uniform, known);
    this.#injections = [draw(), ...Array.from({ length: draws - 1 }, draw)];
    this.injected = this.#injections[0].injected;
    this.windows = this.#injections.flatMap(({ windows }) => windows);
    this.#known = known;
    this.#policy = policy;
  }

  /** The last weeks of a history, in the steps that a fit would take, with a day before them. */
  static of(history: History, from: Instant, options: TrialOptions = {}): Trial {
    const first = indexFrom(history, from - WARM_UP);
    const at = history.at.subarray(first);
    const power = history.watts.subarray(first);
    const clean = toSeries(at, power, cadenceOf(reportingOf(at, power)));
    return new Trial(clean, Math.max(0, Math.ceil((from - clean.startAt) / clean.stepMs)), options);
  }

  /** Judges a model by its alarms, over all draws together. */
  run(model: CompiledModel): Figures {
    const clean = this.#alarms(this.clean, model);
    const draws = this.#injections.map(({ injected, windows }) =>
      this.#judge(clean, this.#alarms(injected, model), windows),
    );
    const { recall, recallWithinHour, medianDelayMs, delaysMs } = pooled(draws);
    return { recall, recallWithinHour, medianDelayMs, delaysMs, ...this.#needless(model, clean) };
  }

  /** Looks at the weeks as they were alone. */
  needless(model: CompiledModel): Needless {
    return this.#needless(model, this.#alarms(this.clean, model));
  }

  /** Judges alarms: 1 per step of the clean series, and of the injected one of the first draw, at which one was on. */
  judge(cleanOn: Uint8Array, injectedOn: Uint8Array): Evaluation {
    return this.#judge(cleanOn, injectedOn, this.#injections[0].windows);
  }

  #alarms(series: Series, model: CompiledModel): Uint8Array {
    const run = new SeriesRun(series, this.#policy, this.cut - WARM_UP / series.stepMs);
    run.upTo(series.watts.length, model);
    return run.on;
  }

  #judge(cleanOn: Uint8Array, injectedOn: Uint8Array, windows: readonly Stretch[]): Evaluation {
    const { cut, days } = this;
    const { startAt, stepMs } = this.clean;
    const needless = Uint8Array.from(cleanOn);
    for (const { from, to } of this.#known)
      needless.fill(0, Math.max(0, place(from, this.clean)), Math.max(0, place(to + HOUR, this.clean)));
    return evaluateRuns({ startAt, stepMs, cleanOn: needless, injectedOn, cut, windows, cleanDays: days });
  }

  #needless(model: CompiledModel, cleanOn: Uint8Array): Needless {
    const { falseAlarms, falseAlarmsPer30Days } = this.#judge(cleanOn, cleanOn, []);
    const { startAt, stepMs, known, watts } = this.clean;
    let [inside, judged] = [0, 0];
    for (let i = this.cut; i < known.length; i++) {
      const range = known[i] === 1 ? model.expectedAt(startAt + i * stepMs) : undefined;
      if (range?.known !== true) continue;
      const power = watts[i] ?? NaN;
      judged++;
      if (power >= range.low && power <= range.high) inside++;
    }
    return {
      falseAlarms,
      falseAlarmsPer30Days: falseAlarmsPer30Days ?? 0,
      covered: judged === 0 ? null : inside / judged,
    };
  }
}

const place = (at: Instant, { startAt, stepMs }: Series): number => Math.floor((at - startAt) / stepMs);

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
