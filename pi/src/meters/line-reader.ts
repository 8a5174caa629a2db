import { latin1 } from './latin1.ts';
import type { FrameCounts } from './frame-counts.ts';

const [CR, LF] = [0x0d, 0x0a];

/** Bytes to lines of text, across chunks; CR and LF end a line, empty ones are passed over. */
export class LineReader {
  readonly #line: Uint8Array;
  readonly #quality: FrameCounts;
  #length = 0;
  #overlong = false;

  /**
   * @param longest in bytes; a longer line is dropped whole and counted
   * @param quality where it is counted
   */
  constructor(longest: number, quality: FrameCounts) {
    this.#line = new Uint8Array(longest);
    this.#quality = quality;
  }

  /** @param take is given each line without blanks around it, and its length in bytes with them */
  push(chunk: Uint8Array, take: (text: string, length: number) => void): void {
    const line = this.#line;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === LF || byte === CR) {
        const [length, overlong] = [this.#length, this.#overlong];
        this.#length = 0;
        this.#overlong = false;
        if (overlong) this.#quality.bad.too_long++;
        else if (length > 0) take(latin1(line, 0, length).trim(), length);
      } else if (this.#length === line.length) this.#overlong = true;
      else line[this.#length++] = byte;
    }
  }
}
