/** How well a source hears its meter. */
export interface LinkReport {
  readonly source: string;
  readonly good: number;
  readonly bad: number;
  /** Seconds since the last good frame; null before the first. */
  readonly last_good_age_s: number | null;
  readonly reopened: number;
}

/** Counts what came over a link. */
export class Link {
  readonly #monotonic: () => number;
  #good = 0;
  #bad = 0;
  #lastGood: number | undefined;
  #reopened = 0;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  good(frames = 1): void {
    this.#good += frames;
    this.#lastGood = this.#monotonic();
  }

  bad(frames = 1): void {
    this.#bad += frames;
  }

  reopened(): void {
    this.#reopened++;
  }

  report(source: string): LinkReport {
    const age = this.#lastGood === undefined ? null : (this.#monotonic() - this.#lastGood) / 1_000;
    return {
      source,
      good: this.#good,
      bad: this.#bad,
      last_good_age_s: age === null ? null : Math.round(age * 10) / 10,
      reopened: this.#reopened,
    };
  }
}
