import { Columns } from './columns.ts';
import type { TableFormat } from '../format.ts';

/** First cells remembered as those of data. */
const KNOWN_CELLS = 1_000;
const ZERO = 48;
const NINE = 57;

/** The line that names the columns, for the rows after it to be held against. */
export class Heading {
  readonly #format: TableFormat;
  readonly #columns: Columns;
  /** How many cells a row may have. */
  readonly #width: number;
  readonly #data = new Set<string>();

  constructor(format: TableFormat, columns: Columns, separator: string) {
    this.#format = format;
    this.#columns = columns;
    // where no comma stands between cells, none of a number moves the cells after it
    const free = separator !== ',' || format.headless === true || format.ragged === true;
    this.#width = free ? Infinity : columns.names.length;
  }

  /** What a row is: data, or the names of columns anew, as where exports were appended to each other. */
  kindOf(cells: readonly string[]): 'data' | 'again' | 'other' {
    const first = cells[0] ?? '';
    const code = first.charCodeAt(0);
    if ((code >= ZERO && code <= NINE) || this.#format.headless === true || this.#data.has(first))
      return 'data';
    const columns = new Columns(cells);
    if (this.#format.recognise(columns) > 0) return columns.isSame(this.#columns) ? 'again' : 'other';
    if (this.#data.size < KNOWN_CELLS) this.#data.add(first);
    return 'data';
  }

  /** Why a row cannot be read: its values stand under names that are not theirs. */
  misfit(cells: readonly string[]): string | undefined {
    const { length } = cells;
    if (length <= this.#width || !cells.slice(this.#width).some((cell) => cell.trim() !== ''))
      return undefined;
    return `expected at most ${this.#width} cells, found ${length}: a decimal comma without quotes?`;
  }
}
