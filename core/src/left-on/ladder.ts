import type { Instant } from '../time.ts';
import { AT, BASE, HOUR, LAST, LOCAL_HOUR, PREVIOUS, SINCE, VALUE } from './run.ts';
import type { Judge, RunListener } from './run.ts';

const ABOVE = 0;
const ALIVE = 1;
const RUNGS = 2;
const EACH = 3;

/**
 * Watchers of one value at rising levels above a base. A value above a level is above all lower ones, so the runs that are alive are
 * always the lowest few, and a step that crosses no level costs two comparisons.
 */
export class Ladder {
  readonly #first: number;
  readonly #levels: Float64Array;
  readonly #bridgeMs: number;
  readonly #slot: number;
  readonly #listener: RunListener;

  /**
   * @param first number of the lowest watcher; levels rise from there
   * @param slot where its slots begin
   */
  constructor(first: number, levels: Float64Array, bridgeMs: number, slot: number, listener: RunListener) {
    this.#first = first;
    this.#levels = levels;
    this.#bridgeMs = bridgeMs;
    this.#slot = slot;
    this.#listener = listener;
  }

  static slots(levels: number): number {
    return RUNGS + levels * EACH;
  }

  reset(slots: Float64Array): void {
    slots[this.#slot + ABOVE] = 0;
    slots[this.#slot + ALIVE] = 0;
  }

  /** Takes a step; a value of NaN is above nothing. */
  step(slots: Float64Array, step: Float64Array): void {
    const levels = this.#levels;
    const value = step[VALUE] ?? NaN;
    const base = step[BASE] ?? NaN;
    const was = slots[this.#slot + ABOVE] ?? 0;
    let above = was;
    while (above < levels.length && value > base + (levels[above] ?? Infinity)) above++;
    while (above > 0 && !(value > base + (levels[above - 1] ?? Infinity))) above--;
    const alive = slots[this.#slot + ALIVE] ?? 0;
    if (above === was && alive === was) return;
    slots[this.#slot + ABOVE] = above;
    for (let rung = above; rung < was; rung++) slots[this.#at(rung) + LAST] = step[PREVIOUS] ?? NaN;
    for (let rung = alive; rung < above; rung++) this.#begin(slots, rung, step);
    slots[this.#slot + ALIVE] = alive > above ? this.#expire(slots, step[AT] ?? NaN, above, alive) : above;
  }

  /** Ends what is alive: the history is over. */
  finish(slots: Float64Array, end: Instant): void {
    const alive = slots[this.#slot + ALIVE] ?? 0;
    for (let rung = 0; rung < alive; rung++) this.#end(slots, rung, end);
    this.reset(slots);
  }

  weigh(slots: Float64Array, judge: Judge): void {
    const alive = slots[this.#slot + ALIVE] ?? 0;
    for (let rung = 0; rung < alive; rung++) judge.weigh(this.#first + rung, slots, this.#at(rung));
  }

  #at(rung: number): number {
    return this.#slot + RUNGS + rung * EACH;
  }

  #begin(slots: Float64Array, rung: number, step: Float64Array): void {
    slots[this.#at(rung) + SINCE] = step[AT] ?? NaN;
    slots[this.#at(rung) + HOUR] = step[LOCAL_HOUR] ?? NaN;
    this.#listener.begun(this.#first + rung, slots, this.#at(rung));
  }

  /** From the top down: a lower rung was left no earlier than a higher one. */
  #expire(slots: Float64Array, at: Instant, above: number, alive: number): number {
    let left = alive;
    while (left > above && at - (slots[this.#at(left - 1) + LAST] ?? at) > this.#bridgeMs) {
      left--;
      this.#end(slots, left, at);
    }
    return left;
  }

  #end(slots: Float64Array, rung: number, end: Instant): void {
    this.#listener.ended(this.#first + rung, slots, this.#at(rung), end);
  }
}
