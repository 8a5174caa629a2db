import { HOUR, REGISTER_STEP_WH } from '@lefton/core';
import type { Instant } from '@lefton/core';

/** A lower count is believed when it has gone on for this long: the meter was replaced or has begun anew. */
const BELIEVED_MS = 600_000;

interface Count {
  readonly wh: number;
  readonly at: Instant;
}

/**
 * Keeps the last good count of a meter's register. A count that falls, or rises more than the mains can give and one step
 * of a coarse register, is not taken and does not become what the next one is compared with.
 */
export class Register {
  readonly #mostW: number;
  #good: Count | undefined;
  #other: { readonly since: Instant; last: Count } | undefined;

  /** @param mostW what the mains can give */
  constructor(mostW: number) {
    this.#mostW = mostW;
  }

  /** Whether the count can be true. */
  take(wh: number, at: Instant): boolean {
    const count = { wh, at };
    if (this.#good === undefined || this.#follows(this.#good, count)) {
      this.#good = count;
      this.#other = undefined;
      return true;
    }
    if (this.#other === undefined || !this.#follows(this.#other.last, count)) {
      this.#other = { since: at, last: count };
      return false;
    }
    this.#other.last = count;
    if (at - this.#other.since < BELIEVED_MS) return false;
    this.#good = count;
    this.#other = undefined;
    return true;
  }

  #follows(before: Count, { wh, at }: Count): boolean {
    const most = (this.#mostW * Math.max(0, at - before.at)) / HOUR + REGISTER_STEP_WH;
    return wh >= before.wh && wh - before.wh <= most;
  }
}
