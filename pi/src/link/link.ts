/** How well a source hears its meter. */
export interface LinkReport {
  readonly source: string;
  /** Whether its device, broker or server can be reached. */
  readonly reached: boolean;
  /** Bytes, messages or answers that came, whatever they told. */
  readonly came: number;
  readonly good: number;
  readonly bad: number;
  /** Seconds since the last good frame; null before the first. */
  readonly last_good_age_s: number | null;
  readonly reopened: number;
  /** Why nothing is heard, for people; null while all is well, or where it is not known yet. */
  readonly trouble: string | null;
}

/** Counts what came over a link. */
export class Link {
  readonly #monotonic: () => number;
  #came = 0;
  #good = 0;
  #bad = 0;
  #lastGood: number | undefined;
  #openings = 0;
  #isReached = false;
  #trouble: string | null = null;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Its device, broker or server is reached, for the first time or again. */
  opened(): void {
    this.#openings++;
    this.#isReached = true;
    this.#trouble = null;
  }

  /** It cannot be reached, or no longer. */
  away(why: string): void {
    this.#isReached = false;
    this.#trouble = why;
  }

  /** It is reached, and what comes tells nothing. */
  troubled(why: string): void {
    this.#trouble = why;
  }

  came(much = 1): void {
    this.#came += much;
  }

  good(): void {
    this.#good++;
    this.#lastGood = this.#monotonic();
    this.#trouble = null;
  }

  bad(frames = 1): void {
    this.#bad += frames;
  }

  report(source: string): LinkReport {
    const age = this.#lastGood === undefined ? null : (this.#monotonic() - this.#lastGood) / 1_000;
    return {
      ...{ source, reached: this.#isReached, came: this.#came },
      ...{ good: this.#good, bad: this.#bad },
      last_good_age_s: age === null ? null : Math.round(age * 10) / 10,
      reopened: Math.max(0, this.#openings - 1),
      trouble: this.#trouble,
    };
  }
}
