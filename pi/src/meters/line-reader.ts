const [CR, LF] = [0x0d, 0x0a];

/** Bytes to lines, across chunks; CR and LF end a line, empty ones are passed over. */
export class LineReader {
  readonly #line: Uint8Array;
  #length = 0;
  #overlong = false;

  /** @param longest a longer line is dropped whole */
  constructor(longest: number) {
    this.#line = new Uint8Array(longest);
  }

  /**
   * @param take is given the bytes [0, length) of each line, valid until it returns
   * @param tooLong is told once per line that was dropped
   */
  push(chunk: Uint8Array, take: (line: Uint8Array, length: number) => void, tooLong: () => void): void {
    const line = this.#line;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === LF || byte === CR) {
        const [length, overlong] = [this.#length, this.#overlong];
        this.#length = 0;
        this.#overlong = false;
        if (overlong) tooLong();
        else if (length > 0) take(line, length);
      } else if (this.#length === line.length) this.#overlong = true;
      else line[this.#length++] = byte;
    }
  }
}
