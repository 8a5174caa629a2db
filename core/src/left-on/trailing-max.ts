import { POWER, VALUE } from './run.ts';

const HEAD = 0;
const HIGHEST = 1;
const RING = 2;

/** Highest of the trailing `window` steps, kept in slots; NaN while the newest is unknown. */
export class TrailingMax {
  readonly #window: number;
  readonly #slot: number;

  constructor(window: number, slot: number) {
    this.#window = window;
    this.#slot = slot;
  }

  static slots(window: number): number {
    return RING + window;
  }

  reset(slots: Float64Array): void {
    slots.fill(-Infinity, this.#slot, this.#slot + RING + this.#window);
    slots[this.#slot + HEAD] = 0;
  }

  /** Takes the power of a step, NaN where unknown; the highest of those that are known becomes its value. */
  step(slots: Float64Array, step: Float64Array): void {
    const own = this.#slot;
    const power = step[POWER] ?? NaN;
    const head = slots[own + HEAD] ?? 0;
    const gone = slots[own + RING + head] ?? NaN;
    const value = Number.isNaN(power) ? -Infinity : power;
    slots[own + RING + head] = value;
    slots[own + HEAD] = head + 1 === this.#window ? 0 : head + 1;
    let highest = slots[own + HIGHEST] ?? NaN;
    if (value >= highest) highest = value;
    else if (gone >= highest) {
      highest = value;
      for (let i = own + RING; i < own + RING + this.#window; i++) {
        const other = slots[i] ?? NaN;
        if (other > highest) highest = other;
      }
    }
    slots[own + HIGHEST] = highest;
    step[VALUE] = Number.isNaN(power) ? NaN : highest;
  }
}
