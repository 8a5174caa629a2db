/** The names of a table's columns, compared in lower case and with single spaces. */
export class Columns {
  readonly names: readonly string[];
  readonly #plain: readonly string[];

  constructor(names: readonly string[]) {
    this.names = names;
    this.#plain = names.map((name) => name.trim().toLowerCase().replace(/\s+/g, ' '));
  }

  /** Index of the column with one of these names, -1 when there is none. */
  index(...names: readonly string[]): number {
    return this.#plain.findIndex((plain) => names.includes(plain));
  }

  /** Indexes of all columns whose name matches. */
  matching(pattern: RegExp): number[] {
    return this.#plain.flatMap((plain, i) => (pattern.test(plain) ? [i] : []));
  }

  /** True when both name the same columns in the same order; blank ones at the end do not count. */
  isSame(other: Columns): boolean {
    return this.#plain.join('\n').trimEnd() === other.#plain.join('\n').trimEnd();
  }

  has(...names: readonly string[]): boolean {
    return names.every((name) => this.#plain.includes(name));
  }
}
