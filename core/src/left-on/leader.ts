import { Numbers } from '../model/numbers.ts';
import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import { HOUR, SINCE } from './run.ts';
import type { Judge, RunListener } from './run.ts';
import type { Runs } from './runs.ts';

/** Start and watcher of the leading run, which stay when it ends, and the end of the newest step. */
const SINCE_WHEN = 0;
const WATCHER = 1;
const NEWEST_END = 2;
/** Slots that last. */
export const LEADER_SLOTS = 3;
/** What its score grows by in a millisecond, and until which end of a step nobody can have overtaken it. */
const GROWTH = 3;
const UNTIL = 4;
/** Slots behind those, which only save work: NaN has them made anew. */
export const SPARING_SLOTS = 2;

/** Of growths that differ by a smaller part than this, arithmetic cannot say when one overtakes the other. */
const ALIKE = 1e-9;

/**
 * Knows which run scores highest, each measured against its limit. Scores of runs that are alive grow evenly, so it is
 * known beforehand when another overtakes: all of them are weighed then and when the leader ends, and else none.
 * Turned to one home after the other; what it knows of each is in that home's state.
 */
export class Leader implements Judge, RunListener {
  readonly #own: number;
  readonly #stepMs: number;
  readonly #overtaking: Judge = {
    weigh: (watcher, slots, slot) => {
      this.begun(watcher, slots, slot);
    },
  };
  /** The highest score while all are weighed; as a field it would be boxed each time. */
  readonly #highest = new Float64Array(1);
  #state: Float64Array = new Float64Array();
  #limits = Numbers.of([]);

  /** @param own where its slots begin in a state */
  constructor(own: number, stepMs: number) {
    this.#own = own;
    this.#stepMs = stepMs;
  }

  reset(state: Float64Array): void {
    state.fill(NaN, this.#own, this.#own + LEADER_SLOTS + SPARING_SLOTS);
  }

  /**
   * Turns to a home before a step of it is taken.
   * @param limits in minutes, per watcher and hour of the start
   */
  attend(state: Float64Array, end: Instant, limits: Numbers): void {
    this.#state = state;
    this.#limits = limits;
    state[this.#own + NEWEST_END] = end;
  }

  begun(watcher: number, slots: Float64Array, slot: number): void {
    const [state, own] = [this.#state, this.#own];
    const growth = this.#growthOf(watcher, slots, slot);
    const leading = state[own + GROWTH] ?? NaN;
    if (Number.isNaN(growth)) return;
    const end = state[own + NEWEST_END] ?? NaN;
    const ahead = (end - (state[own + SINCE_WHEN] ?? NaN)) * leading;
    const behind = (end - (slots[slot + SINCE] ?? NaN)) * growth;
    const faster = growth - leading;
    if (faster <= 0) {
      // a train of pulses counts from its second on, and may come with more than the leader has
      if (behind > ahead) state[own + UNTIL] = NaN;
      return;
    }
    // NaN where nothing leads; a step less, so that rounding decides nothing
    const until = faster < leading * ALIKE ? NaN : end + (ahead - behind) / faster - this.#stepMs;
    state[own + UNTIL] = leading > 0 ? Math.min(state[own + UNTIL] ?? NaN, until) : NaN;
  }

  ended(watcher: number): void {
    const state = this.#state;
    if (watcher === state[this.#own + WATCHER]) state[this.#own + UNTIL] = NaN;
  }

  weigh(watcher: number, slots: Float64Array, slot: number): void {
    const [state, own] = [this.#state, this.#own];
    const growth = this.#growthOf(watcher, slots, slot);
    const since = slots[slot + SINCE] ?? NaN;
    const score = ((state[own + NEWEST_END] ?? NaN) - since) * growth;
    if (!(score > (this.#highest[0] ?? 0))) return;
    this.#highest[0] = score;
    state[own + SINCE_WHEN] = since;
    state[own + WATCHER] = watcher;
    state[own + GROWTH] = growth;
  }

  /** The highest score of the runs that are alive; 0 when nothing goes on. */
  score(runs: Runs): number {
    const [state, own] = [this.#state, this.#own];
    const end = state[own + NEWEST_END] ?? NaN;
    if (!(end <= (state[own + UNTIL] ?? NaN))) {
      this.#highest[0] = 0;
      state[own + GROWTH] = 0;
      runs.weigh(state, this);
      state[own + UNTIL] = Infinity;
      if ((state[own + GROWTH] ?? 0) > 0) runs.weigh(state, this.#overtaking);
    }
    const growth = state[own + GROWTH] ?? 0;
    return growth > 0 ? (end - (state[own + SINCE_WHEN] ?? NaN)) * growth : 0;
  }

  /** When the leading run began, or the one that led last; NaN before the first. */
  since(state: Float64Array): Instant {
    return state[this.#own + SINCE_WHEN] ?? NaN;
  }

  /** Number of the watcher that leads or led last; NaN before the first. */
  watcher(state: Float64Array): number {
    return state[this.#own + WATCHER] ?? NaN;
  }

  /** End of the newest step; NaN before the first. */
  newestEnd(state: Float64Array): Instant {
    return state[this.#own + NEWEST_END] ?? NaN;
  }

  #growthOf(watcher: number, slots: Float64Array, slot: number): number {
    return 1 / (this.#limits.at(watcher * 24 + (slots[slot + HOUR] ?? 0)) * MINUTE);
  }
}
