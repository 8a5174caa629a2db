/**
 * A small seeded generator (mulberry32). No logarithm, root or sine anywhere: those may differ in their last bit from
 * one machine to the next, and the same seed must give the same file.
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 <= x < 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number, low and high included. */
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Bell-shaped around the mean, never further off than six deviations. */
  about(mean: number, deviation: number): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.next();
    return mean + sum * deviation;
  }

  /** A generator of its own, so that one appliance's draws do not move another's. */
  branch(): Random {
    return new Random(Math.floor(this.next() * 2 ** 32));
  }
}
