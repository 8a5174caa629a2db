/** A register that was not seen to rise yet may count in whole kilowatt-hours. */
const COARSEST_WH = 1_000;
/** The smallest step but two is believed: a count that came in two parts is no finer register. */
const BELIEVED = 3;

/** The watt-hours by which a register counts, learned from its steps. */
export class Resolution {
  #smallest: readonly number[] = [];

  /** The coarsest there is while no step was seen; too coarse rather than too fine while few were. */
  get wh(): number {
    return this.#smallest.at(-1) ?? COARSEST_WH;
  }

  /** What one step may be at the most that power alone does not explain. */
  get most(): number {
    return this.#smallest.length < BELIEVED ? COARSEST_WH : this.wh;
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
