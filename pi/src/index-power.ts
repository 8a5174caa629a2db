import type { Instant } from '@lefton/core';

/** Between two steps of a register this long apart its mean power is known to a few percent. */
const SHORTEST_MS = 30_000;
/** A register that stands still for this long tells of next to nothing. */
const STILL_MS = 600_000;
const HOUR_MS = 3_600_000;

/**
 * Mean power from a register in Wh, for meters that tell no active power: at a step of the register, since an earlier
 * step. Undefined while it is not known.
 */
export class IndexPower {
  #from: { readonly wh: number; readonly at: Instant; readonly step: boolean } | undefined;
  #last: number | undefined;

  /** @param wh net, import minus export */
  take(wh: number, at: Instant): number | undefined {
    const from = this.#from;
    const steps = this.#last !== undefined && wh !== this.#last;
    this.#last = wh;
    if (from === undefined) {
      this.#from = { wh, at, step: false };
      return undefined;
    }
    const elapsed = at - from.at;
    if (steps && !from.step) {
      // when the first count was reached is not known
      this.#from = { wh, at, step: true };
      return undefined;
    }
    if ((steps && elapsed >= SHORTEST_MS) || elapsed >= STILL_MS) {
      this.#from = { wh, at, step: steps };
      return ((wh - from.wh) * HOUR_MS) / elapsed;
    }
    return undefined;
  }

  /** After a gap the register goes on, but nobody knows how it got there. */
  forget(): void {
    this.#from = undefined;
    this.#last = undefined;
  }
}
