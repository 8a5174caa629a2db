/** No line of an export is longer; a row of 15 years by the hour is shorter. */
export const MAX_LINE_BYTES = 1_048_576;
/** What stands for a line that was longer. No export has such a cell. */
export const OVERLONG = '\u0000line without end\u0000';
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;
const SPACE = 32;

/**
 * Cuts bytes at line ends (LF, CR or both), so that one damaged line cannot swallow the next: OVERLONG takes the place
 * of lines longer than MAX_LINE_BYTES, and quotes that do not enclose a field are blanked.
 */
export class LineGuard {
  readonly #separator: number;
  #rest: Uint8Array = new Uint8Array();
  #overlong = false;

  constructor(separator: string) {
    this.#separator = separator.charCodeAt(0);
  }

  /** The complete lines so far. Of a CR LF the two bytes may come apart. */
  push(chunk: Uint8Array): Buffer {
    const end = Math.max(chunk.lastIndexOf(NEWLINE), chunk.lastIndexOf(CARRIAGE_RETURN)) + 1;
    if (end === 0) {
      if (!this.#overlong) this.#keep(chunk);
      return Buffer.alloc(0);
    }
    const start = this.#overlong ? lineEnd(chunk, 0) : 0;
    const lines = Buffer.concat([this.#rest, chunk.subarray(start, end)]);
    this.#overlong = false;
    this.#rest = new Uint8Array();
    this.#keep(chunk.subarray(end));
    this.#mendQuotes(lines);
    return lines;
  }

  /** The last line, where it has no line end. */
  end(): Buffer {
    const lines = Buffer.from(this.#rest);
    this.#mendQuotes(lines);
    return lines;
  }

  #keep(bytes: Uint8Array): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    if (this.#rest.length <= MAX_LINE_BYTES) return;
    this.#rest = Buffer.from(OVERLONG);
    this.#overlong = true;
  }

  #mendQuotes(lines: Buffer): void {
    if (!lines.includes(QUOTE)) return;
    for (let start = 0; start < lines.length;) {
      const end = lineEnd(lines, start);
      if (!this.#wellQuoted(lines, start, end)) {
        for (let i = start; i < end; i++) if (lines[i] === QUOTE) lines[i] = SPACE;
      }
      start = end + 1;
    }
  }

  /** True when every field that opens with a quote closes with one. */
  #wellQuoted(lines: Buffer, start: number, end: number): boolean {
    for (let field = start; field < end;) {
      if (lines[field] !== QUOTE) {
        const separator = lines.indexOf(this.#separator, field);
        if (separator < 0 || separator >= end) return true;
        field = separator + 1;
        continue;
      }
      let close = lines.indexOf(QUOTE, field + 1);
      // a doubled quote stands for one inside the field
      while (close >= 0 && close < end && lines[close + 1] === QUOTE) close = lines.indexOf(QUOTE, close + 2);
      if (close < 0 || close >= end) return false;
      if (close + 1 !== end && lines[close + 1] !== this.#separator) return false;
      field = close + 2;
    }
    return true;
  }
}

/** Index of the line end at or after start, else the length. */
export function lineEnd(bytes: Uint8Array, start: number): number {
  // two searches with indexOf would look through all the rest for the one that the file does not use
  let end = start;
  while (end < bytes.length && bytes[end] !== NEWLINE && bytes[end] !== CARRIAGE_RETURN) end += 1;
  return end;
}
