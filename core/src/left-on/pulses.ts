import type { Instant } from '../time.ts';
import { lowestBit } from './lowest-bit.ts';
import { AT, BEFORE, EARLIER, HOUR, LAST, LOCAL_HOUR, SINCE, VALUE } from './run.ts';
import type { Judge, RunListener } from './run.ts';
import { PULSE_LEAST, PULSE_WITHIN } from './watchers.ts';

const ALIVE = 0;
const RUNS = 1;
/** How many pulses the train has. */
const PULSES = 3;
const EACH = 4;

/**
 * Watchers of sudden rises in power that keep coming, one per size, as a thermostat makes them. A train lasts while rises of its
 * size come within the bridge. Which trains are alive stands in the bits of one slot.
 */
export class Pulses {
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
    slots[this.#slot + ALIVE] = 0;
  }

  step(slots: Float64Array, step: Float64Array): void {
    const alive = slots[this.#slot + ALIVE] ?? 0;
    if (alive !== 0) this.#lapse(slots, alive, step[AT] ?? NaN);
    const before = step[BEFORE] ?? NaN;
    const earlier = step[EARLIER] ?? NaN;
    // a rise may take two steps
    const from = Math.min(before, earlier < before ? earlier : before);
    if ((step[VALUE] ?? NaN) - from < (this.#sizes[0] ?? 0) / PULSE_WITHIN) return;
    for (let i = 0; i < this.#sizes.length; i++) {
      if (isRise(step, this.#sizes[i] ?? NaN)) this.#rise(slots, i, step);
    }
  }

  /** Ends what is alive: the history is over. */
  finish(slots: Float64Array, end: Instant): void {
    for (let bits = slots[this.#slot + ALIVE] ?? 0; bits !== 0; bits &= bits - 1)
      this.#end(slots, lowestBit(bits), end);
    this.reset(slots);
  }

  weigh(slots: Float64Array, judge: Judge): void {
    for (let bits = slots[this.#slot + ALIVE] ?? 0; bits !== 0; bits &= bits - 1) {
      const i = lowestBit(bits);
      if (this.#isTrain(slots, this.#at(i))) judge.weigh(this.#first + i, slots, this.#at(i));
    }
  }

  #lapse(slots: Float64Array, alive: number, at: Instant): void {
    let left = alive;
    for (let bits = alive; bits !== 0; bits &= bits - 1) {
      const i = lowestBit(bits);
      if (at - (slots[this.#at(i) + LAST] ?? at) <= this.#bridgeMs) continue;
      this.#end(slots, i, at);
      left &= ~(1 << i);
    }
    slots[this.#slot + ALIVE] = left;
  }

  #rise(slots: Float64Array, i: number, step: Float64Array): void {
    const slot = this.#at(i);
    const at = step[AT] ?? NaN;
    const alive = slots[this.#slot + ALIVE] ?? 0;
    if ((alive & (1 << i)) === 0) {
      slots[slot + SINCE] = at;
      slots[slot + HOUR] = step[LOCAL_HOUR] ?? NaN;
      slots[slot + PULSES] = 0;
      slots[this.#slot + ALIVE] = alive | (1 << i);
    }
    const pulses = (slots[slot + PULSES] ?? 0) + 1;
    slots[slot + PULSES] = pulses;
    slots[slot + LAST] = at;
    if (pulses === PULSE_LEAST) this.#listener.begun(this.#first + i, slots, slot);
  }

  #end(slots: Float64Array, i: number, end: Instant): void {
    const slot = this.#at(i);
    if (this.#isTrain(slots, slot)) this.#listener.ended(this.#first + i, slots, slot, end);
  }

  /** A few rises make a train. */
  #isTrain(slots: Float64Array, slot: number): boolean {
    return (slots[slot + PULSES] ?? 0) >= PULSE_LEAST;
  }

  #at(i: number): number {
    return this.#slot + RUNS + i * EACH;
  }
}

/** Whether power rose by about this size into the step, also where it took two steps. */
function isRise(step: Float64Array, size: number): boolean {
  const power = step[VALUE] ?? NaN;
  const before = step[BEFORE] ?? NaN;
  const earlier = step[EARLIER] ?? NaN;
  const least = size / PULSE_WITHIN;
  let rise = power - before;
  // what the step before took for a whole rise is not counted again
  if (earlier < before && before - earlier < least && rise < least) rise = power - earlier;
  return rise >= least && rise <= size * PULSE_WITHIN;
}
