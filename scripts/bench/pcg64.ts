const MASK_32 = 0xffffffffn;
const MASK_64 = (1n << 64n) - 1n;
const MASK_128 = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/**
 * numpy's `default_rng(seed)`: PCG64 (XSL-RR 128/64) seeded through SeedSequence, so that a benchmark draws the very
 * numbers its Python reference draws. seed: a non-negative integer below 2^128.
 */
export class Pcg64 {
  #state: bigint;
  readonly #increment: bigint;

  constructor(seed: number | bigint) {
    const [high = 0n, low = 0n, streamHigh = 0n, streamLow = 0n] = seedWords(BigInt(seed));
    this.#increment = ((((streamHigh << 64n) | streamLow) << 1n) | 1n) & MASK_128;
    this.#state = this.#increment;
    this.#state = (this.#state + ((high << 64n) | low)) & MASK_128;
    this.#step();
  }

  /** 64 random bits. */
  next(): bigint {
    this.#step();
    const folded = ((this.#state >> 64n) ^ this.#state) & MASK_64;
    const turn = this.#state >> 122n;
    return ((folded >> turn) | (folded << (64n - turn))) & MASK_64;
  }

  /** 0 <= x < 1, of 53 bits. */
  random(): number {
    return Number(this.next() >> 11n) / 2 ** 53;
  }

  uniform(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  #step(): void {
    this.#state = (this.#state * MULTIPLIER + this.#increment) & MASK_128;
  }
}

const POOL = 4;

/** SeedSequence(seed).generate_state(4, uint64). */
function seedWords(seed: bigint): readonly bigint[] {
  const words: number[] = [];
  for (let rest = seed; rest > 0n || words.length === 0; rest >>= 32n) words.push(Number(rest & MASK_32));
  const hash = hasher(0x43b0d7e5, 0x931e8875);
  const pool = Array.from({ length: POOL }, (_, i) => hash(words[i] ?? 0));
  for (let from = 0; from < POOL; from++) {
    for (let to = 0; to < POOL; to++) {
      if (from !== to) pool[to] = mix(pool[to] ?? 0, hash(pool[from] ?? 0));
    }
  }
  const draw = hasher(0x8b51f9dd, 0x58f38ded);
  const halves = Array.from({ length: 8 }, (_, i) => BigInt(draw(pool[i % POOL] ?? 0)));
  return Array.from({ length: 4 }, (_, i) => (halves[2 * i] ?? 0n) | ((halves[2 * i + 1] ?? 0n) << 32n));
}

/** One running hash of 32-bit words; its constant changes with every word. */
function hasher(first: number, multiplier: number): (word: number) => number {
  let constant = first;
  return (word) => {
    const keyed = word ^ constant;
    constant = Math.imul(constant, multiplier);
    const mixed = Math.imul(keyed, constant);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
}

function mix(a: number, b: number): number {
  const mixed = Math.imul(a, 0xca01f9dd) - Math.imul(b, 0x4973f715);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
