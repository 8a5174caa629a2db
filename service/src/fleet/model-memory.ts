/** What is kept in memory while there is room. */
export interface Kept {
  /** Bytes that it takes. */
  readonly bytes: number;
  /** Set by whoever uses it. */
  used: boolean;
  /** How often it was asked for, and when that was counted; 0 at first. Also while it is not in memory. */
  heat: number;
  heatAge: number;
  /** It has to go. */
  release(): void;
}

/** Part of the room that is for newcomers: what is read for a batch must stay until that is folded. */
const FOR_NEWCOMERS = 0.1;
/** Asked for so many times more than what would have to go: once more is only another place in the round. */
const MARGIN = 1;
/** Of what is kept, so many are looked at for one that was not used of late. */
const LOOKS = 8;
/** Counts are halved after so many askings for each that is kept, so that what was asked for long ago is forgotten. */
const AGE = 10;

/**
 * Bounds by bytes what is kept in memory. Newcomers have a part of the room. What leaves it stays only in place of one
 * that was asked for less (TinyLFU with exact counts): where there are more meters than room and they take turns, those
 * kept stay, instead of each leaving just before it is heard again. Among those kept the clock algorithm says who is next.
 */
export class ModelMemory {
  readonly #most: number;
  readonly #newcomers = new Line();
  readonly #kept = new Line();
  #evictions = 0;
  #asked = 0;
  #age = 0;

  /** @param most bytes */
  constructor(most: number) {
    this.#most = most;
  }

  get bytes(): number {
    return this.#newcomers.bytes + this.#kept.bytes;
  }

  get size(): number {
    return this.#newcomers.size + this.#kept.size;
  }

  get evictions(): number {
    return this.#evictions;
  }

  /** Notes that one is asked for, in memory or not. */
  ask(kept: Kept): void {
    if (++this.#asked > AGE * this.size) {
      this.#asked = 0;
      this.#age++;
    }
    kept.heat = this.#heatOf(kept) + 1;
    kept.heatAge = this.#age;
  }

  /** Takes one in, and lets others go where there are too many bytes: never this one. */
  admit(kept: Kept): void {
    this.#newcomers.push(kept);
    const room = this.#most * FOR_NEWCOMERS;
    while (this.#newcomers.size > 1 && (this.#newcomers.bytes > room || this.bytes > this.#most)) {
      const next = this.#newcomers.shift();
      if (next !== undefined) this.#settle(next);
    }
    // one alone may take more than newcomers have
    while (this.#kept.size > 0 && this.bytes > this.#most) this.#drop(this.#kept.shift());
  }

  #settle(newcomer: Kept): void {
    const others = Math.max(this.#newcomers.bytes, this.#most * FOR_NEWCOMERS);
    const fits = (): boolean => this.#kept.bytes + newcomer.bytes + others <= this.#most;
    while (!fits()) {
      const oldest = this.#oldest();
      if (oldest === undefined || this.#heatOf(newcomer) <= this.#heatOf(oldest) + MARGIN) {
        if (oldest !== undefined) this.#kept.push(oldest);
        this.#drop(newcomer);
        return;
      }
      this.#drop(oldest);
    }
    this.#kept.push(newcomer);
  }

  /** Of those kept one that was not used of late. */
  #oldest(): Kept | undefined {
    for (let looks = Math.min(LOOKS, this.#kept.size); looks > 1; looks--) {
      const oldest = this.#kept.shift();
      if (oldest?.used !== true) return oldest;
      oldest.used = false;
      this.#kept.push(oldest);
    }
    return this.#kept.shift();
  }

  #drop(kept: Kept | undefined): void {
    if (kept === undefined) return;
    this.#evictions++;
    kept.release();
  }

  #heatOf({ heat, heatAge }: Kept): number {
    return heat >> Math.min(31, this.#age - heatAge);
  }
}

/** First in, first out, with the bytes of all. */
class Line {
  bytes = 0;
  #queue: (Kept | undefined)[] = [];
  #first = 0;

  get size(): number {
    return this.#queue.length - this.#first;
  }

  push(kept: Kept): void {
    this.bytes += kept.bytes;
    this.#queue.push(kept);
  }

  shift(): Kept | undefined {
    const oldest = this.#queue[this.#first];
    if (oldest === undefined) return undefined;
    this.#queue[this.#first++] = undefined;
    if (this.#first * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    this.bytes -= oldest.bytes;
    return oldest;
  }
}
