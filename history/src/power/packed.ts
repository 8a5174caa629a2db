const BYTES = Float64Array.BYTES_PER_ELEMENT;

/** ES2024's way to grow a buffer without leaving the old one to the garbage collector. */
interface Transferable {
  transfer(bytes: number): ArrayBuffer;
}

/** A growing array of numbers, 8 bytes each. */
export class Packed {
  #values = new Float64Array(1_024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#values = grown(this.#values);
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** The values pushed so far, as a view that writes through until the next push. */
  view(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

function grown(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const length = values.length * 2;
  const { buffer } = values;
  // of two million rows the outgrown buffers would be as large as the data
  if (canTransfer(buffer)) return new Float64Array(buffer.transfer(length * BYTES));
  const larger = new Float64Array(length);
  larger.set(values);
  return larger;
}

const canTransfer = (buffer: ArrayBuffer): buffer is ArrayBuffer & Transferable => 'transfer' in buffer;
