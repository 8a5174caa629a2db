import { LeftOnError } from '../errors.ts';

/** One place in an unknown JSON value. Each reading of it either has the type asked for or is one clear error. */
export class Decoder {
  readonly place: string;
  readonly value: unknown;

  constructor(value: unknown, place: string) {
    this.value = value;
    this.place = place;
  }

  /** The value of a key of an object. A missing key is a place with the value undefined. */
  at(key: string): Decoder {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.refuse('an object');
    return new Decoder((value as Record<string, unknown>)[key], `${this.place}.${key}`);
  }

  string(): string {
    return typeof this.value === 'string' ? this.value : this.refuse('a text');
  }

  boolean(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.refuse('true or false');
  }

  /** A finite number, not below `least`. */
  number(least = -Infinity): number {
    const { value } = this;
    if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
    return this.refuse(least === -Infinity ? 'a finite number' : `a number of ${least} or more`);
  }

  oneOf<T extends string | number>(...choices: readonly T[]): T {
    const found = choices.find((choice) => choice === this.value);
    return found ?? this.refuse(choices.map((choice) => JSON.stringify(choice)).join(' or '));
  }

  /** Items read by `read`; with `length`, exactly so many. */
  list<T>(read: (item: Decoder) => T, length?: number): T[] {
    const { value } = this;
    if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
      return this.refuse(length === undefined ? 'a list' : `a list of ${length}`);
    }
    return value.map((item: unknown, index) => read(new Decoder(item, `${this.place}[${index}]`)));
  }

  /** Null stays null; anything else is read. */
  nullable<T>(read: (item: Decoder) => T): T | null {
    return this.value === null ? null : read(this);
  }

  /** @throws LeftOnError `bad_value` or the code that is given, always. */
  refuse(expected: string, code = 'bad_value'): never {
    throw new LeftOnError({ code, place: this.place, expected, found: this.#found() });
  }

  #found(): string {
    const { value } = this;
    if (value === undefined) return 'nothing';
    if (Array.isArray(value)) return `a list of ${value.length}`;
    // not walked through: it may be deeper than the stack
    if (typeof value === 'object' && value !== null) return 'an object';
    return JSON.stringify(value).slice(0, 80);
  }
}
