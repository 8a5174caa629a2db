/** Kinds of an SML element by the upper bits of its first byte. */
type SmlKind = 'octets' | 'boolean' | 'signed' | 'unsigned' | 'list' | 'end' | 'unknown';

const KINDS: readonly SmlKind[] = [
  'octets',
  'unknown',
  'unknown',
  'unknown',
  'boolean',
  'signed',
  'unsigned',
  'list',
];
/** Lists within lists; real ones go five deep. */
const DEEPEST = 10;
const LONGEST_HEAD = 4;

/**
 * Walks over the elements of an SML file. After `next`, `kind` and `size` tell what stands at `from`. What is built wrongly
 * sets `failed`, and everything after it is nothing.
 */
export class SmlCursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  failed = false;
  kind: SmlKind = 'end';
  /** Bytes of the value; of a list, its elements. */
  size = 0;
  from = 0;

  constructor(bytes: Uint8Array, from: number, end: number) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  /** True while something other than fill bytes follows. */
  more(): boolean {
    while (!this.failed && this.#at < this.#end && this.#bytes[this.#at] === 0) this.#at++;
    return !this.failed && this.#at < this.#end;
  }

  /** Enters a list, or reads over a value. */
  next(): void {
    if (this.failed || this.#at >= this.#end) {
      this.#fail();
      return;
    }
    let head = this.#bytes[this.#at++] ?? 0;
    this.from = this.#at;
    this.size = 0;
    if (head === 0) {
      this.kind = 'end';
      return;
    }
    this.kind = KINDS[(head >> 4) & 7] ?? 'unknown';
    let size = head & 15;
    let heads = 1;
    while ((head & 0x80) !== 0) {
      if (++heads > LONGEST_HEAD || this.#at >= this.#end) {
        this.#fail();
        return;
      }
      head = this.#bytes[this.#at++] ?? 0;
      size = (size << 4) | (head & 15);
    }
    this.from = this.#at;
    if (this.kind === 'unknown') {
      this.#fail();
      return;
    }
    if (this.kind !== 'list') {
      // the length of a value includes its head
      size -= heads;
      if (size < 0 || this.#at + size > this.#end) {
        this.#fail();
        return;
      }
      this.#at += size;
    }
    this.size = size;
  }

  /** Reads over the next element, whatever is in it. */
  skip(depth = 0): void {
    this.next();
    if (this.kind !== 'list') return;
    if (depth >= DEEPEST) {
      this.#fail();
      return;
    }
    for (let left = this.size; left > 0 && !this.failed; left--) this.skip(depth + 1);
  }

  /** Enters a list of so many elements; anything else fails. */
  list(elements: number): void {
    this.next();
    if (this.kind !== 'list' || this.size !== elements) this.#fail();
  }

  /** The next element as a whole number; NaN where it is none, or too large to be exact. A list fails. */
  number(unsigned = false): number {
    this.next();
    const { kind, size, from } = this;
    if (kind === 'list') this.#fail();
    if ((kind !== 'signed' && kind !== 'unsigned') || size < 1 || size > 8) return NaN;
    const negative = kind === 'signed' && !unsigned && ((this.#bytes[from] ?? 0) & 0x80) !== 0;
    let value = 0;
    // of a negative number the complement is summed up, so that wide ones stay exact
    for (let i = from; i < from + size; i++)
      value = value * 256 + (negative ? 255 - (this.#bytes[i] ?? 0) : (this.#bytes[i] ?? 0));
    if (value > Number.MAX_SAFE_INTEGER) return NaN;
    return negative ? -value - 1 : value;
  }

  #fail(): void {
    this.failed = true;
    this.kind = 'end';
    this.size = 0;
  }
}
