import { REGISTER_STEP_WH } from '@lefton/core';

/** The smallest step but two is believed: a count that came in two parts is no finer register. */
const BELIEVED = 3;

/** The watt-hours by which a register counts, learned from its steps. */
export class Resolution {
  #smallest: readonly number[] = [];

  /** The coarsest there is while no step was seen; too coarse rather than too fine while few were. */
  get wh(): number {
    return this.#smallest.at(-1) ?? REGISTER_STEP_WH;
  }

  /** The largest step that power alone need not explain. */
  get most(): number {
    return this.#smallest.length < BELIEVED ? REGISTER_STEP_WH : this.wh;
  }

  /** @param step in either direction, and not 0 */
  take(step: number): void {
    if (this.#smallest.length === BELIEVED && Math.abs(step) >= this.wh) return;
    this.#smallest = [...this.#smallest, Math.abs(step)].sort((a, b) => a - b).slice(0, BELIEVED);
  }

  /** Another meter counts. */
  forget(): void {
    this.#smallest = [];
  }
}
