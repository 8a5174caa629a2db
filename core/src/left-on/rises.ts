import type { Instant } from '../time.ts';
import { AT, BEFORE, EARLIER, HOUR, LAST, LOCAL_HOUR, SINCE, VALUE } from './run.ts';
import type { Judge, RunListener } from './run.ts';
import { EDGE_KEEP, EDGE_WITHIN, PULSE_LEAST, PULSE_WITHIN } from './watchers.ts';

const ALIVE = 0;
const RUNS = 1;
/** Floor of an edge, or number of pulses. */
const EXTRA = 3;
const EACH = 4;

/**
 * Watchers of sudden rises in power, one per size. An edge's run lasts while most of the rise is still there; a train of
 * pulses lasts while rises of its size keep coming. Which runs are alive stands in the bits of one slot.
 */
export class Rises {
  readonly #kind: 'edge' | 'pulses';
  readonly #first: number;
  readonly #sizes: Float64Array;
  readonly #within: number;
  readonly #bridgeMs: number;
  readonly #slot: number;
  readonly #listener: RunListener;

  /**
   * @param first number of the watcher of the smallest size; at most 31 sizes, rising
   * @param slot where its slots begin
   */
  constructor(
    kind: 'edge' | 'pulses',
    first: number,
    sizes: Float64Array,
    bridgeMs: number,
    slot: number,
    listener: RunListener,
  ) {
    this.#kind = kind;
    this.#first = first;
    this.#sizes = sizes;
    this.#within = kind === 'edge' ? EDGE_WITHIN : PULSE_WITHIN;
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
    if (alive !== 0) this.#keep(slots, alive, step);
    const before = step[BEFORE] ?? NaN;
    const earlier = step[EARLIER] ?? NaN;
    // a rise may take two steps
    const from = Math.min(before, earlier < before ? earlier : before);
    if ((step[VALUE] ?? NaN) - from < (this.#sizes[0] ?? 0) / this.#within) return;
    for (let i = 0; i < this.#sizes.length; i++) {
      const rise = this.#riseOf(step, this.#sizes[i] ?? NaN);
      if (!Number.isNaN(rise)) this.#rise(slots, i, step, rise);
    }
  }

  /** Ends what is alive: the history is over. */
  finish(slots: Float64Array, end: Instant): void {
    for (let bits = slots[this.#slot + ALIVE] ?? 0; bits !== 0; bits &= bits - 1)
      this.#end(slots, lowest(bits), end);
    this.reset(slots);
  }

  weigh(slots: Float64Array, judge: Judge): void {
    for (let bits = slots[this.#slot + ALIVE] ?? 0; bits !== 0; bits &= bits - 1) {
      const i = lowest(bits);
      if (this.#counts(slots, this.#at(i))) judge.weigh(this.#first + i, slots, this.#at(i));
    }
  }

  #keep(slots: Float64Array, alive: number, step: Float64Array): void {
    const at = step[AT] ?? NaN;
    let left = alive;
    for (let bits = alive; bits !== 0; bits &= bits - 1) {
      const i = lowest(bits);
      const slot = this.#at(i);
      if (this.#kind === 'edge' && (step[VALUE] ?? NaN) > (slots[slot + EXTRA] ?? NaN)) {
        slots[slot + LAST] = at;
      } else if (at - (slots[slot + LAST] ?? at) > this.#bridgeMs) {
        this.#end(slots, i, at);
        left &= ~(1 << i);
      }
    }
    slots[this.#slot + ALIVE] = left;
  }

  #rise(slots: Float64Array, i: number, step: Float64Array, rise: number): void {
    const slot = this.#at(i);
    const at = step[AT] ?? NaN;
    const alive = slots[this.#slot + ALIVE] ?? 0;
    const begun = (alive & (1 << i)) !== 0;
    if (!begun) {
      slots[slot + SINCE] = at;
      slots[slot + HOUR] = step[LOCAL_HOUR] ?? NaN;
      slots[slot + EXTRA] = this.#kind === 'edge' ? (step[VALUE] ?? NaN) - (1 - EDGE_KEEP) * rise : 0;
      slots[this.#slot + ALIVE] = alive | (1 << i);
    }
    if (this.#kind === 'edge') {
      if (begun) return;
      slots[slot + LAST] = at;
      this.#listener.begun(this.#first + i, slots, slot);
      return;
    }
    const pulses = (slots[slot + EXTRA] ?? 0) + 1;
    slots[slot + EXTRA] = pulses;
    slots[slot + LAST] = at;
    if (pulses === PULSE_LEAST) this.#listener.begun(this.#first + i, slots, slot);
  }

  /** The rise into this step when it is of about this size, also when it took two steps; else NaN. */
  #riseOf(step: Float64Array, size: number): number {
    const power = step[VALUE] ?? NaN;
    const before = step[BEFORE] ?? NaN;
    const earlier = step[EARLIER] ?? NaN;
    const least = size / this.#within;
    const most = size * this.#within;
    let rise = power - before;
    // what the step before took for a whole rise is not counted again
    if (earlier < before && before - earlier < least && rise < least) rise = power - earlier;
    return rise >= least && rise <= most ? rise : NaN;
  }

  #end(slots: Float64Array, i: number, end: Instant): void {
    const slot = this.#at(i);
    if (this.#counts(slots, slot)) this.#listener.ended(this.#first + i, slots, slot, end);
  }

  /** A few rises make a train. */
  #counts(slots: Float64Array, slot: number): boolean {
    return this.#kind === 'edge' || (slots[slot + EXTRA] ?? 0) >= PULSE_LEAST;
  }

  #at(i: number): number {
    return this.#slot + RUNS + i * EACH;
  }
}

const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);
