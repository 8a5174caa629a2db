const MORE = 0x80;
const REST = 0x7f;

/** Reads the numbers of a record one after the other. Beyond the end there are zeros: whoever reads looks where it is. */
export class Walk {
  readonly bytes: Buffer;
  /** Where the next number begins. */
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** A zigzag number of up to 52 bits: of two bytes or less nearly always. */
  number(): number {
    const { bytes } = this;
    let byte = bytes[this.at++] ?? 0;
    let value = byte & REST;
    for (let factor = MORE; byte >= MORE; factor *= MORE) {
      byte = bytes[this.at++] ?? 0;
      value += (byte & REST) * factor;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Goes over as many bytes, none where the length is that of nothing; where they begin. */
  pass(length: number): number {
    const start = this.at;
    if (length > 0) this.at += length;
    return start;
  }
}
