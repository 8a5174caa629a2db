import { APPLIANCES, drawn } from './appliance.ts';
import { cadenceOf, reportingOf } from './cadence.ts';
import type { CompiledModel } from './compiled.ts';
import { detect } from './detect.ts';
import { evaluateRuns } from './evaluate.ts';
import type { History } from './fit.ts';
import { createState } from './meter-state.ts';
import type { Policy } from './policy.ts';
import { toSeries } from './series.ts';
import type { Series } from './series.ts';
import { DAY, HOUR, MINUTE } from './time.ts';
import type { Instant, Stretch } from './time.ts';
import { watts } from './units.ts';

/** What a model came to on the held-out weeks. Shares are 0..1. */
export interface Figures {
  /** Of the appliances that were added; null where there was room for none. */
  readonly recall: number | null;
  readonly recallWithinHour: number | null;
  /** On the weeks as they were, without what is known to have been left on. */
  readonly falseAlarms: number;
  readonly falseAlarmsPer30Days: number;
  /** Share of the readings inside the expected range; null where there is none yet. */
  readonly covered: number | null;
}

/** What is known of before the trial, so that what is trailing is there. */
const WARM_UP = DAY;
/** Between two appliances that are left on. */
const PAUSE_HOURS: readonly [number, number] = [6, 30];

/**
 * Weeks of a home, as they were and with appliances left on in them, for several models to be run over. The appliances
 * are drawn from the data: the same weeks give the same trial.
 */
export class Trial {
  readonly days: number;
  /** How many appliances were left on. */
  readonly windows: readonly Stretch[];
  readonly #clean: Series;
  readonly #injected: Series;
  readonly #cut: number;
  readonly #known: readonly Stretch[];
  readonly #policy: Policy;

  /** @param known what was really left on: neither a false alarm nor disturbed */
  constructor(history: History, from: Instant, known: readonly Stretch[], policy: Policy) {
    const first = indexFrom(history.at, from - WARM_UP);
    const at = history.at.subarray(first);
    const power = history.watts.subarray(first);
    this.#clean = toSeries(at, power, cadenceOf(reportingOf(at, power)));
    this.#known = known;
    this.#policy = policy;
    const { startAt, stepMs } = this.#clean;
    this.#cut = Math.max(0, Math.ceil((from - startAt) / stepMs));
    this.days = (this.#clean.known.subarray(this.#cut).reduce((sum, flag) => sum + flag, 0) * stepMs) / DAY;
    const { series, windows } = inject(this.#clean, this.#cut, known);
    this.#injected = series;
    this.windows = windows;
  }

  run(model: CompiledModel): Figures {
    const { startAt, stepMs, known } = this.#clean;
    const cleanOn = this.#alarms(model, this.#clean);
    for (const { from, to } of this.#known) {
      cleanOn.fill(0, Math.max(0, place(from, this.#clean)), Math.max(0, place(to + HOUR, this.#clean)));
    }
    const { recall, recallWithinHour, falseAlarms } = evaluateRuns({
      startAt,
      stepMs,
      cleanOn,
      injectedOn: this.#alarms(model, this.#injected),
      cut: this.#cut,
      windows: this.windows,
      cleanDays: this.days,
    });
    let [inside, judged] = [0, 0];
    for (let i = this.#cut; i < known.length; i++) {
      const range = known[i] === 1 ? model.expectedAt(startAt + i * stepMs) : undefined;
      if (range?.known !== true) continue;
      const power = this.#clean.watts[i] ?? NaN;
      judged++;
      if (power >= range.low && power <= range.high) inside++;
    }
    return {
      recall,
      recallWithinHour,
      falseAlarms,
      falseAlarmsPer30Days: this.days > 0 ? (falseAlarms / this.days) * 30 : 0,
      covered: judged === 0 ? null : inside / judged,
    };
  }

  /** 1 per step at which an alarm is on. */
  #alarms(model: CompiledModel, { startAt, stepMs, watts: power, known }: Series): Uint8Array {
    const on = new Uint8Array(power.length);
    const state = createState(model, 'trial');
    const reading = { meter: 'trial', at: 0, watts: watts(0), energyWh: null, source: '' };
    for (let i = 0; i < power.length; i++) {
      if (known[i] !== 1) continue;
      reading.at = startAt + i * stepMs;
      reading.watts = watts(power[i] ?? NaN);
      detect(model, this.#policy, state, reading, Infinity);
      if (state.phase === 'open') on[i] = 1;
    }
    return on;
  }
}

const place = (at: Instant, { startAt, stepMs }: Series): number => Math.floor((at - startAt) / stepMs);

function indexFrom(at: Float64Array, moment: Instant): number {
  const index = at.findIndex((instant) => instant >= moment);
  return index < 0 ? at.length : index;
}

/** Leaves an appliance on every 6-30 h from the step `cut` on, in turn; not in a gap and not where one really was. */
function inject(
  clean: Series,
  cut: number,
  known: readonly Stretch[],
): { series: Series; windows: Stretch[] } {
  const { startAt, stepMs } = clean;
  const stepMin = stepMs / MINUTE;
  const random = chance(seedOf(clean));
  const between = ([low, high]: readonly [number, number]): number =>
    Math.trunc(((low + (high - low) * random()) * HOUR) / stepMs);
  const power = Float64Array.from(clean.watts);
  const windows: Stretch[] = [];
  let start = cut;
  for (;;) {
    const appliance = APPLIANCES[windows.length % APPLIANCES.length];
    if (appliance === undefined) break;
    start += between(PAUSE_HOURS);
    const length = between(appliance.hours);
    const window = { from: startAt + start * stepMs, to: startAt + (start + length) * stepMs };
    if (start + length >= power.length) break;
    const free = !known.some(({ from, to }) => from < window.to && window.from < to);
    if (length > 0 && free && !clean.known.subarray(start, start + length).includes(0)) {
      windows.push(window);
      for (let i = 0; i < length; i++)
        power[start + i] = (power[start + i] ?? NaN) + drawn(appliance, i * stepMin, stepMin);
    }
    start += length;
  }
  return { series: { ...clean, watts: power }, windows };
}

/** The same data draws the same numbers. */
function seedOf({ watts: power, known, startAt }: Series): number {
  let seed = Math.floor(startAt / MINUTE) | 0;
  for (let i = 0; i < power.length; i++)
    if (known[i] === 1) seed = (Math.imul(seed, 31) + Math.round(power[i] ?? 0)) | 0;
  return seed >>> 0;
}

/** A linear congruential generator, 0 <= x < 1. Source: Numerical Recipes, 2nd ed., ch. 7.1. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
