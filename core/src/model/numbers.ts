/** Stands for null where numbers are kept as tenths. */
const NO_SHORT = 0xffff;
const NO_LONG = -0x8000_0000;

/** How numbers are kept. */
type Kept = Uint16Array | Int32Array | Float64Array;
const KINDS = [Uint16Array, Int32Array, Float64Array] as const;

/**
 * A list of numbers in as few bytes as keep each exact: 2 or 4 where all are tenths, as `fit` writes them, else 8.
 * A tenth is read as the double that its decimal text is read as, so nothing is rounded.
 */
export class Numbers {
  readonly length: number;
  readonly #kept: Kept;
  readonly #per: number;
  readonly #missing: number;

  constructor(kept: Kept) {
    this.length = kept.length;
    this.#kept = kept;
    this.#per = kept instanceof Float64Array ? 1 : 10;
    this.#missing = kept instanceof Uint16Array ? NO_SHORT : kept instanceof Int32Array ? NO_LONG : NaN;
  }

  static of(values: readonly (number | null)[]): Numbers {
    const fit = (least: number, most: number): boolean =>
      values.every((value) => {
        if (value === null) return true;
        const tenths = Math.round(value * 10);
        return tenths / 10 === value && tenths >= least && tenths <= most && !Object.is(value, -0);
      });
    if (fit(0, NO_SHORT - 1)) return new Numbers(Uint16Array.from(values, tenthsOr(NO_SHORT)));
    if (fit(NO_LONG + 1, 0x7fff_ffff)) return new Numbers(Int32Array.from(values, tenthsOr(NO_LONG)));
    return new Numbers(Float64Array.from(values, (value) => value ?? NaN));
  }

  /** NaN for null, and beyond the end. Allocates nothing. */
  at(index: number): number {
    const kept = this.#kept[index] ?? NaN;
    return kept === this.#missing ? NaN : kept / this.#per;
  }

  /** As they were given. */
  slice(from: number, to: number): (number | null)[] {
    return Array.from({ length: to - from }, (_, i) => {
      const value = this.at(from + i);
      return Number.isNaN(value) ? null : value;
    });
  }

  get byteLength(): number {
    return this.#kept.byteLength;
  }

  /** Which kind it is, and its bytes; little-endian, as every machine is that this runs on. */
  toBytes(): { readonly kind: number; readonly bytes: Uint8Array } {
    const { buffer, byteOffset, byteLength } = this.#kept;
    const kind = KINDS.findIndex((Kind) => this.#kept instanceof Kind);
    return { kind, bytes: new Uint8Array(buffer, byteOffset, byteLength) };
  }

  /** What `toBytes` gave; undefined where there is no such kind, or bytes are missing. The bytes are kept, not copied. */
  static fromBytes(kind: number, length: number, buffer: ArrayBuffer, offset: number): Numbers | undefined {
    const Kind = KINDS[kind];
    if (Kind === undefined || offset + length * Kind.BYTES_PER_ELEMENT > buffer.byteLength) return undefined;
    return new Numbers(new Kind(buffer, offset, length));
  }
}

const tenthsOr =
  (missing: number) =>
  (value: number | null): number =>
    value === null ? missing : Math.round(value * 10);
