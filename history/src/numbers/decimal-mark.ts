import { quote } from '../quote.ts';

/** The character between whole and fraction. */
export type DecimalMark = '.' | ',';

const WITH_DOT = /^[+-]?\d+\.\d+$/;
const WITH_COMMA = /^[+-]?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+$/;
/** No group of thousands begins with a zero. */
const GROUP = /^[+-]?[1-9]\d{0,2},\d{3}$/;
/** The same with a dot: thousands to those who write a decimal comma, whose tables a semicolon keeps apart. */
const DOT_GROUP = /^[+-]?[1-9]\d{0,2}\.\d{3}$/;
/** What no decimal comma could look like. */
const GROUPS = /^[+-]?[1-9]\d{0,2}(?:(?:,\d{3}){2,}(?:\.\d+)?|,\d{3}\.\d+)$/;

/** The mark that a cell can only have; undefined where it says nothing: 12 has none, 1,234 may be thousands. */
export function markOf(cell: string): DecimalMark | undefined {
  const text = cell.trim();
  if (WITH_DOT.test(text) || GROUPS.test(text)) return '.';
  return WITH_COMMA.test(text) && !GROUP.test(text) ? ',' : undefined;
}

/** Finds the decimal mark of a file, from its first rows and then from each number as it comes. */
export class MarkFinder {
  /** How a comma is read that may be either: files whose cells a semicolon keeps apart keep the comma for decimals. */
  readonly #usual: DecimalMark;
  readonly #semicolon: boolean;
  /** Undefined until a cell shows it. */
  #mark: DecimalMark | undefined;
  #sure: boolean;
  #doubt: string | undefined;

  /** @param rows the first rows: a comma where some cell can only have that and none only a dot. */
  constructor(separator: string, rows: readonly (readonly string[])[] = []) {
    this.#semicolon = separator === ';';
    this.#usual = this.#semicolon ? ',' : '.';
    const marks = new Set(rows.flatMap((row) => row.map((cell) => this.#shownBy(cell))));
    this.#mark = marks.has('.') ? '.' : marks.has(',') ? ',' : undefined;
    this.#sure = this.#mark !== undefined;
  }

  /** The mark by which to read a number. What was read by one mark is never followed by another. */
  markFor(text: string): DecimalMark {
    if (!this.#sure && (text.includes(',') || text.includes('.'))) this.#look(text);
    return this.#mark ?? '.';
  }

  /** What the report has to say: numbers were read in one of two ways, and no cell showed which. */
  get doubt(): string | undefined {
    if (this.#doubt === undefined) return undefined;
    const way = this.#doubt.includes('.')
      ? 'a decimal dot'
      : this.#mark === ','
        ? 'a decimal comma'
        : 'a comma between thousands';
    return `numbers such as ${quote(this.#doubt)} are read with ${way}, as nothing in the file shows which it is`;
  }

  #look(text: string): void {
    const shown = this.#shownBy(text);
    const mark = shown ?? (GROUP.test(text.trim()) ? this.#usual : markOf(text));
    if (mark === undefined) return;
    this.#mark ??= mark;
    if (shown === undefined) this.#doubt ??= text;
    if (shown !== this.#mark) return;
    this.#sure = true;
    this.#doubt = undefined;
  }

  /** 1.234 shows nothing between semicolons. */
  #shownBy(cell: string): DecimalMark | undefined {
    return this.#semicolon && DOT_GROUP.test(cell.trim()) ? undefined : markOf(cell);
  }
}
