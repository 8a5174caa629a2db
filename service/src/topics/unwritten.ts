import { LeftOnError, MINUTE, SECOND } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { Clock } from '../ports.ts';

/** A program that looks at the database for a moment is no trouble: as long as a broker may take to answer. */
const PASSES_MS = 15 * SECOND;
/** Many meters tell every quarter of an hour; who was refused and does not come again leaves nothing behind. */
const LASTS_MS = 20 * MINUTE;

interface Failing {
  readonly since: Instant;
  readonly at: Instant;
  readonly why: string;
}

/** What could not be written to the database each time it was tried. */
export class Unwritten {
  readonly #clock: Clock;
  readonly #failing = new Map<string, Failing>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Runs what writes.
   * @param who tries: each is asked for itself, as a small record may have room where a batch has none
   */
  tried<T>(who: string, work: () => T): T {
    try {
      const done = work();
      this.#failing.delete(who);
      return done;
    } catch (error) {
      if (error instanceof LeftOnError) this.#failed(who, error.message);
      throw error;
    }
  }

  /** Why nothing could be written each time that it was tried for a while; undefined while all is well. */
  get why(): string | undefined {
    const now = this.#clock.now();
    const isTrouble = (each: Failing): boolean => this.#isNew(each, now) && each.at - each.since >= PASSES_MS;
    return [...this.#failing.values()].find(isTrouble)?.why;
  }

  #failed(who: string, why: string): void {
    const at = this.#clock.now();
    const before = this.#failing.get(who);
    const since = before !== undefined && this.#isNew(before, at) ? before.since : at;
    this.#failing.set(who, { since, at, why });
  }

  /** A clock that was set back begins anew. */
  #isNew({ since, at }: Failing, now: Instant): boolean {
    return since <= now && now < at + LASTS_MS;
  }
}
