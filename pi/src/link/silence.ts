/** So many usual distances without a good frame are silence. */
const PERIODS = 10;
const SHORTEST_MS = 15_000;
const LONGEST_MS = 600_000;
/** What is taken for usual before anything was heard. */
const UNHEARD_MS = 6_000;
const KEPT = 9;

/** Learns how often a meter is heard, and from when on its silence is worth opening its line anew. */
export class Silence {
  readonly #distances: number[] = [];
  #heard: number | undefined;
  #since: number;
  /** How often the line was opened for what is not heard. */
  #openings = 0;

  /** @param now monotonic ms, as everywhere here */
  constructor(now: number) {
    this.#since = now;
  }

  /** A good frame. */
  heard(now: number): void {
    if (this.#heard !== undefined && this.#openings === 1) {
      this.#distances.push(now - this.#heard);
      if (this.#distances.length > KEPT) this.#distances.shift();
    }
    this.#heard = this.#since = now;
    this.#openings = 1;
  }

  /** The line was opened: again without a good frame in between, the next silence may last twice as long. */
  opened(now: number): void {
    this.#since = now;
    this.#openings++;
  }

  /** When silence begins, if nothing is heard before. */
  get due(): number {
    const sorted = this.#distances.toSorted((a, b) => a - b);
    const usual = sorted[Math.floor(sorted.length / 2)] ?? UNHEARD_MS;
    const patience = Math.max(SHORTEST_MS, usual * PERIODS) * 2 ** Math.max(0, this.#openings - 1);
    return this.#since + Math.min(LONGEST_MS, patience);
  }
}
