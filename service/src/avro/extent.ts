import avro from 'avsc';
import type { Type } from 'avsc';

const { ArrayType, FixedType, MapType, RecordType, UnwrappedUnionType, WrappedUnionType } = avro.types;
/** No record of a reading has more values than this in it. */
const MOST_VALUES = 10_000;
/** A 64-bit number takes no more bytes than this. */
const LONGEST_NUMBER = 10;

/**
 * True for a type that is one value. Where lists, maps or records are in it, their bytes have to be walked before avsc
 * sees them: it believes any count, and a few bytes would keep it busy for years.
 */
export function isFlat(type: Type): boolean {
  if (type instanceof RecordType || type instanceof ArrayType || type instanceof MapType) return false;
  if (type instanceof UnwrappedUnionType || type instanceof WrappedUnionType) return type.types.every(isFlat);
  return true;
}

/** True when a value of this type begins at `start` and ends within the bytes, with a sane number of values in it. */
export const fits = (type: Type, bytes: Uint8Array, start: number): boolean =>
  new Walk(bytes, start).over(type);

/** Goes over a value without reading it; every step answers whether it could be taken. */
class Walk {
  readonly #bytes: Uint8Array;
  #at: number;
  #left = MOST_VALUES;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  over(type: Type): boolean {
    if (this.#left-- <= 0) return false;
    if (type instanceof RecordType) return type.fields.every((field) => this.over(field.type));
    if (type instanceof ArrayType) return this.#blocks(() => this.over(type.itemsType));
    if (type instanceof MapType)
      return this.#blocks(() => this.#text() && this.over(type.valuesType as Type));
    if (type instanceof FixedType) return this.#pass(type.size);
    if (type instanceof UnwrappedUnionType || type instanceof WrappedUnionType) {
      const branch = type.types[this.#number()];
      return branch !== undefined && this.over(branch);
    }
    switch (type.typeName) {
      case 'null':
        return true;
      case 'boolean':
        return this.#pass(1);
      case 'float':
        return this.#pass(4);
      case 'double':
        return this.#pass(8);
      case 'string':
      case 'bytes':
        return this.#text();
      default:
        return !Number.isNaN(this.#number());
    }
  }

  /** A list or map: blocks of items, each after their count, or after minus the count and the size in bytes. */
  #blocks(item: () => boolean): boolean {
    for (;;) {
      const count = this.#number();
      if (count === 0) return true;
      if (Number.isNaN(count)) return false;
      if (count < 0 && !(this.#left-- > 0 && this.#text())) return false;
      for (let i = 0; i < count; i++) if (!item()) return false;
    }
  }

  /** A length and as many bytes. */
  #text(): boolean {
    return this.#pass(this.#number());
  }

  #pass(length: number): boolean {
    this.#at += length;
    return length >= 0 && this.#at <= this.#bytes.length;
  }

  /** An int, long, enum or union branch; NaN where there is none. */
  #number(): number {
    let value = 0;
    for (let i = 0, scale = 1; i < LONGEST_NUMBER; i++, scale *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) return NaN;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    return NaN;
  }
}
