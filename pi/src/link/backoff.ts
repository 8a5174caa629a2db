/** Waits that double from the first to the longest, in ms, and begin anew after a success. */
export class Backoff {
  readonly #first: number;
  readonly #longest: number;
  #next: number;

  constructor(first: number, longest: number) {
    this.#first = first;
    this.#longest = longest;
    this.#next = first;
  }

  next(): number {
    const wait = this.#next;
    this.#next = Math.min(this.#longest, wait * 2);
    return wait;
  }

  reset(): void {
    this.#next = this.#first;
  }
}
