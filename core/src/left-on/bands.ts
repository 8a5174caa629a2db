import type { Instant } from '../time.ts';
import { lowestBit } from './lowest-bit.ts';
import { AT, BASE, HOUR, LAST, LOCAL_HOUR, PREVIOUS, SINCE, VALUE } from './run.ts';
import type { Judge, RunListener } from './run.ts';

/** Between which limits of bands the value is, which bands that is in, and which runs are alive. The latter two are bits. */
const PLACE = 0;
const INSIDE = 1;
const ALIVE = 2;
const RUNS = 3;
const EACH = 3;

/** Watchers of one value that stays in a band above a base, one per size: from the size to below it times the band. */
export class Bands {
  readonly #first: number;
  /** Where a band begins or ends, rising. */
  readonly #limits: Float64Array;
  /** The bands below each limit, and above the last. */
  readonly #between: Int32Array;
  readonly #bridgeMs: number;
  readonly #slot: number;
  readonly #listener: RunListener;

  /**
   * @param first number of the watcher of the smallest size; at most 31 sizes, rising
   * @param band above 1
   * @param slot where its slots begin
   */
  constructor(
    first: number,
    sizes: Float64Array,
    band: number,
    bridgeMs: number,
    slot: number,
    listener: RunListener,
  ) {
    this.#first = first;
    this.#limits = Float64Array.from([...sizes, ...sizes.map((size) => size * band)]).sort();
    this.#between = Int32Array.from([-Infinity, ...this.#limits], (value) =>
      sizes.reduce((bits, size, i) => (value >= size && value < size * band ? bits | (1 << i) : bits), 0),
    );
    this.#bridgeMs = bridgeMs;
    this.#slot = slot;
    this.#listener = listener;
  }

  static slots(sizes: number): number {
    return RUNS + sizes * EACH;
  }

  reset(slots: Float64Array): void {
    slots.fill(0, this.#slot, this.#slot + RUNS);
  }

  /** Takes a step; a value of NaN is in no band. */
  step(slots: Float64Array, step: Float64Array): void {
    const own = this.#slot;
    const limits = this.#limits;
    const value = (step[VALUE] ?? NaN) - (step[BASE] ?? NaN);
    let place = slots[own + PLACE] ?? 0;
    while (place < limits.length && value >= (limits[place] ?? Infinity)) place++;
    while (place > 0 && !(value >= (limits[place - 1] ?? Infinity))) place--;
    const was = slots[own + INSIDE] ?? 0;
    const alive = slots[own + ALIVE] ?? 0;
    const inside = this.#between[place] ?? 0;
    if (inside === was && was === alive) return;
    slots[own + PLACE] = place;
    slots[own + INSIDE] = inside;
    for (let left = was & ~inside; left !== 0; left &= left - 1)
      slots[this.#at(lowestBit(left)) + LAST] = step[PREVIOUS] ?? NaN;
    for (let begun = inside & ~alive; begun !== 0; begun &= begun - 1)
      this.#begin(slots, lowestBit(begun), step);
    let lasting = alive | inside;
    for (let outside = alive & ~inside; outside !== 0; outside &= outside - 1) {
      const i = lowestBit(outside);
      const at = step[AT] ?? NaN;
      if (!(at - (slots[this.#at(i) + LAST] ?? NaN) > this.#bridgeMs)) continue;
      lasting &= ~(1 << i);
      this.#listener.ended(this.#first + i, slots, this.#at(i), at);
    }
    slots[own + ALIVE] = lasting;
  }

  /** Ends what is alive: the history is over. */
  finish(slots: Float64Array, end: Instant): void {
    for (let bits = slots[this.#slot + ALIVE] ?? 0; bits !== 0; bits &= bits - 1) {
      const i = lowestBit(bits);
      this.#listener.ended(this.#first + i, slots, this.#at(i), end);
    }
    this.reset(slots);
  }

  weigh(slots: Float64Array, judge: Judge): void {
    for (let bits = slots[this.#slot + ALIVE] ?? 0; bits !== 0; bits &= bits - 1) {
      const i = lowestBit(bits);
      judge.weigh(this.#first + i, slots, this.#at(i));
    }
  }

  #begin(slots: Float64Array, i: number, step: Float64Array): void {
    const slot = this.#at(i);
    slots[slot + SINCE] = step[AT] ?? NaN;
    slots[slot + HOUR] = step[LOCAL_HOUR] ?? NaN;
    this.#listener.begun(this.#first + i, slots, slot);
  }

  #at(i: number): number {
    return this.#slot + RUNS + i * EACH;
  }
}
