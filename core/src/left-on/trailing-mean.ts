import { POWER, VALUE } from './run.ts';

const SUM = 0;
const COUNT = 1;
const HEAD = 2;
const RING = 3;

/** Mean of the trailing `window` steps, kept in slots; NaN while less than half of them are known. */
export class TrailingMean {
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
    slots.fill(NaN, this.#slot, this.#slot + RING + this.#window);
    slots.fill(0, this.#slot, this.#slot + RING);
  }

  /** Takes the power of a step, NaN where unknown; the mean becomes its value. */
  step(slots: Float64Array, step: Float64Array): void {
    const own = this.#slot;
    const power = step[POWER] ?? NaN;
    const head = slots[own + HEAD] ?? 0;
    const gone = slots[own + RING + head] ?? NaN;
    let sum = slots[own + SUM] ?? 0;
    let count = slots[own + COUNT] ?? 0;
    if (!Number.isNaN(gone)) {
      sum -= gone;
      count--;
    }
    if (!Number.isNaN(power)) {
      sum += power;
      count++;
    }
    slots[own + RING + head] = power;
    slots[own + HEAD] = head + 1 === this.#window ? 0 : head + 1;
    slots[own + SUM] = sum;
    slots[own + COUNT] = count;
    step[VALUE] = count * 2 >= this.#window ? sum / count : NaN;
  }
}
