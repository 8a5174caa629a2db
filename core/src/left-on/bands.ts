import type { Instant } from '../time.ts';
import { AT, BASE, HOUR, LAST, LOCAL_HOUR, PREVIOUS, SINCE, VALUE } from './run.ts';
import type { Judge, RunListener } from './run.ts';
import { BAND } from './watchers.ts';

/** Above the base at the newest step; which bands that is in; which runs are alive. The latter two are bits. */
const NEWEST = 0;
const INSIDE = 1;
const ALIVE = 2;
const RUNS = 3;
const EACH = 3;

/** Watchers of one value that stays in a band above a base, one per size: from the size up to it times BAND. */
export class Bands {
  readonly #first: number;
  readonly #sizes: Float64Array;
  readonly #bridgeMs: number;
  readonly #slot: number;
  readonly #listener: RunListener;

  /**
   * @param first number of the watcher of the smallest size; at most 31 sizes, rising
   * @param slot where its slots begin
   */
  constructor(first: number, sizes: Float64Array, bridgeMs: number, slot: number, listener: RunListener) {
    this.#first = first;
    this.#sizes = sizes;
    this.#bridgeMs = bridgeMs;
    this.#slot = slot;
    this.#listener = listener;
  }

  static slots(sizes: number): number {
    return RUNS + sizes * EACH;
  }

  reset(slots: Float64Array): void {
    slots[this.#slot + NEWEST] = NaN;
    slots[this.#slot + INSIDE] = 0;
    slots[this.#slot + ALIVE] = 0;
  }

  /** Takes a step; a value of NaN is in no band. */
  step(slots: Float64Array, step: Float64Array): void {
    const own = this.#slot;
    const value = (step[VALUE] ?? NaN) - (step[BASE] ?? NaN);
    const was = slots[own + INSIDE] ?? 0;
    const alive = slots[own + ALIVE] ?? 0;
    // a highest value mostly stays as it was, and then nothing happens but that a run lapses
    if (value === slots[own + NEWEST] && was === alive) return;
    const inside = this.#bandsOf(value);
    slots[own + NEWEST] = value;
    slots[own + INSIDE] = inside;
    for (let left = was & ~inside; left !== 0; left &= left - 1)
      slots[this.#at(lowest(left)) + LAST] = step[PREVIOUS] ?? NaN;
    for (let begun = inside & ~alive; begun !== 0; begun &= begun - 1)
      this.#begin(slots, lowest(begun), step);
    let lasting = alive | inside;
    for (let outside = alive & ~inside; outside !== 0; outside &= outside - 1) {
      const i = lowest(outside);
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
      const i = lowest(bits);
      this.#listener.ended(this.#first + i, slots, this.#at(i), end);
    }
    this.reset(slots);
  }

  weigh(slots: Float64Array, judge: Judge): void {
    for (let bits = slots[this.#slot + ALIVE] ?? 0; bits !== 0; bits &= bits - 1) {
      const i = lowest(bits);
      judge.weigh(this.#first + i, slots, this.#at(i));
    }
  }

  /** The bands that a value is in: neighbours, since they overlap. */
  #bandsOf(value: number): number {
    let bits = 0;
    for (let i = 0; i < this.#sizes.length; i++) {
      const size = this.#sizes[i] ?? NaN;
      if (!(value >= size)) break;
      if (value <= size * BAND) bits |= 1 << i;
    }
    return bits;
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

const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);
