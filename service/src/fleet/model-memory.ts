/** What is kept in memory while there is room. */
export interface Kept {
  /** Bytes that it takes. */
  readonly bytes: number;
  /** Set by whoever uses it. */
  used: boolean;
  /** It has to go. */
  release(): void;
}

/**
 * Bounds by bytes what is kept in memory. What was not used since it was looked at last goes first (the clock algorithm, a
 * least-recently-used of which a use costs one assignment instead of a move in a list).
 */
export class ModelMemory {
  readonly #most: number;
  #queue: (Kept | undefined)[] = [];
  #first = 0;
  #bytes = 0;
  #evictions = 0;

  /** @param most bytes */
  constructor(most: number) {
    this.#most = most;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#queue.length - this.#first;
  }

  get evictions(): number {
    return this.#evictions;
  }

  /** Takes one in, and lets others go where there are too many bytes: never this one. */
  admit(kept: Kept): void {
    this.#bytes += kept.bytes;
    // twice round is enough: after the first nobody is in use any more
    for (let looks = 2 * this.size; this.#bytes > this.#most && looks > 0; looks--) this.#look();
    this.#queue.push(kept);
  }

  #look(): void {
    const oldest = this.#queue[this.#first];
    this.#queue[this.#first++] = undefined;
    if (this.#first * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    if (oldest === undefined) return;
    if (oldest.used) {
      oldest.used = false;
      this.#queue.push(oldest);
      return;
    }
    this.#bytes -= oldest.bytes;
    this.#evictions++;
    oldest.release();
  }
}
