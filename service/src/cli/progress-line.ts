/** Where progress goes; only a terminal shows it. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** One line of a terminal that says how far something is. */
export class ProgressLine {
  readonly #output: ProgressOutput;
  #shown = '';

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  /** @param share 0..1 */
  show(what: string, share: number): void {
    if (this.#output.isTTY !== true) return;
    const text = `${what}: ${Math.floor(share * 100)} %`;
    if (text === this.#shown) return;
    this.#shown = text;
    this.#output.write(`\r\x1b[K${text}`);
  }

  clear(): void {
    if (this.#shown !== '') this.#output.write('\r\x1b[K');
    this.#shown = '';
  }
}
