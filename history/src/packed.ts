/** A growing array of numbers, 8 bytes each. */
export class Packed {
  #values = new Float64Array(1_024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** The values pushed so far, as a view that writes through. */
  view(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
