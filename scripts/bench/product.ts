import { adoptModel, compileModel, createState, defaultPolicy, detect, fit, watts } from '@lefton/core';
import type { CompiledModel, History, MeterState, Series } from '@lefton/core';
import type { StreamDetector, StreamRun } from './protocol.ts';

const WEEK_MS = 7 * 86_400_000;
const WARM_UP_MS = 86_400_000;

/**
 * The product as a home gets it: core's own fit every week on the clean days before, core's own detect on each step.
 * The alarm is on while the episode is open.
 */
export const product: StreamDetector = {
  name: 'LeftOn',
  run: (clean, injected, cut, zone) => {
    const history = historyOf(clean);
    const runs = [new Run(clean, cut), new Run(injected, cut)] as const;
    const week = WEEK_MS / clean.stepMs;
    for (let from = cut; from < clean.watts.length; from += week) {
      const model = compileModel(
        fit(history, {
          zone: zone.name,
          meter: 'home',
          until: clean.startAt + from * clean.stepMs,
          falseAlarmsPerMonth: 1,
          fittedOn: 'bench',
          sha256: null,
          software: 'bench',
        }),
      );
      for (const run of runs) run.week(model, Math.min(from + week, clean.watts.length));
    }
    const [{ on: cleanOn, score: cleanScore }, { on: injectedOn, score: injectedScore }] = runs;
    return { cleanOn, injectedOn, cleanScore, injectedScore } satisfies StreamRun;
  },
};

/** One series going through detect, week by week. */
class Run {
  readonly on: Uint8Array;
  readonly score: Float64Array;
  readonly #series: Series;
  #next: number;
  #state: MeterState | undefined;

  constructor(series: Series, cut: number) {
    this.#series = series;
    this.on = new Uint8Array(series.watts.length);
    this.score = new Float64Array(series.watts.length).fill(NaN);
    this.#next = Math.max(0, cut - WARM_UP_MS / series.stepMs);
  }

  week(model: CompiledModel, end: number): void {
    const { startAt, stepMs, watts: power, known } = this.#series;
    const state = this.#state === undefined ? createState(model, 'home') : adoptModel(model, this.#state);
    this.#state = state;
    const reading = { meter: 'home', at: 0, watts: watts(0), energyWh: null, source: 'bench' };
    for (let i = this.#next; i < end; i++) {
      if (known[i] !== 1) continue;
      reading.at = startAt + i * stepMs;
      reading.watts = watts(power[i] ?? NaN);
      detect(model, defaultPolicy, state, reading, Infinity);
      // a reading fills its own step, so the score is of this step
      this.score[i] = state.score;
      if (state.phase === 'open') this.on[i] = 1;
    }
    this.#next = end;
  }
}

function historyOf({ startAt, stepMs, watts: power, known }: Series): History {
  const indices = Array.from(known.keys()).filter((i) => known[i] === 1);
  return {
    at: Float64Array.from(indices, (i) => startAt + i * stepMs),
    watts: Float64Array.from(indices, (i) => power[i] ?? NaN),
  };
}
