import type { CompiledModel } from '../model/compiled.ts';
import { detect } from '../detect.ts';
import { createState } from '../meter-state.ts';
import { adoptModel } from '../saved-state.ts';
import type { MeterState } from '../meter-state.ts';
import type { Policy } from '../policy.ts';
import type { Series } from './series.ts';
import type { Stretch } from '../time.ts';
import { watts } from '../units.ts';

/** A series going through detect step by step, by one model after the other: what was on, and how it scored. */
export class SeriesRun {
  /** 1 at the steps at which an alarm was on. */
  readonly on: Uint8Array;
  /** NaN = unknown. */
  readonly score: Float64Array;
  readonly #series: Series;
  readonly #policy: Policy;
  readonly #found: { from: number; to: number }[] = [];
  #next: number;
  #state: MeterState | undefined;

  /** @param first step that is told of; those before were never read */
  constructor(series: Series, policy: Policy, first = 0) {
    this.on = new Uint8Array(series.watts.length);
    this.score = new Float64Array(series.watts.length).fill(NaN);
    this.#series = series;
    this.#policy = policy;
    this.#next = Math.max(0, first);
  }

  /** What was found so far; an episode that is open lasts until `now`. */
  found(now: number): Stretch[] {
    return this.#found.map(({ from, to }) => ({ from, to: Math.min(to, now) }));
  }

  /** Goes on with a model, up to the step `end`. */
  upTo(end: number, model: CompiledModel): void {
    const { startAt, stepMs, watts: power, known } = this.#series;
    const state = this.#state === undefined ? createState(model, 'run') : adoptModel(model, this.#state);
    this.#state = state;
    const reading = { meter: 'run', at: 0, watts: watts(0), energyWh: null, source: '' };
    for (let i = this.#next; i < end; i++) {
      if (known[i] !== 1) continue;
      reading.at = startAt + i * stepMs;
      reading.watts = watts(power[i] ?? NaN);
      for (const event of detect(model, this.#policy, state, reading, Infinity)) {
        if (event.type === 'opened') this.#found.push({ from: event.since, to: Infinity });
        const last = this.#found.at(-1);
        if (event.type === 'closed' && last !== undefined) last.to = event.until ?? event.at;
      }
      // a reading fills its own step, so the score is of this step
      this.score[i] = state.score;
      if (state.phase === 'open') this.on[i] = 1;
    }
    this.#next = end;
  }
}
