/** Remembers the line of every row in little memory: only where the distance between two rows changes. */
export class LineLog {
  readonly #rows: number[] = [];
  readonly #lines: number[] = [];
  readonly #strides: number[] = [];
  #count = 0;
  #line = 0;
  #stride = 0;

  /** Takes the line of the next row. */
  push(line: number): void {
    const stride = line - this.#line;
    if (this.#count === 0 || stride !== this.#stride) {
      this.#rows.push(this.#count);
      this.#lines.push(line);
      this.#strides.push(stride);
    }
    this.#line = line;
    this.#stride = stride;
    this.#count += 1;
  }

  /** Line of a row, counted from 0 in the order pushed. */
  lineOf(row: number): number {
    let [low, high] = [0, this.#rows.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#rows[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return (this.#lines[low] ?? 0) + (row - (this.#rows[low] ?? 0)) * (this.#strides[low] ?? 0);
  }
}
