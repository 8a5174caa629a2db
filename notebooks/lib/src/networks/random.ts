/** Numbers that look random and are the same for the same seed: a linear congruential generator. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 <= number < 1. */
  next(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }

  /** Puts whole numbers into another order, each order being as likely (Fisher and Yates). */
  shuffle(values: Uint32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const other = Math.floor(this.next() * (i + 1));
      const kept = values[i] ?? 0;
      values[i] = values[other] ?? 0;
      values[other] = kept;
    }
  }
}
