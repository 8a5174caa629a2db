import type { LineSettings } from '../meter.ts';

/** A bit that is set says so much for a parity as so many that are not say against it. */
const WEIGHT = 16;
const ENOUGH = 4 * WEIGHT;
const MOST = 255;
/** In place of a damaged byte: no protocol has it, so what it stood in is dropped. */
const DAMAGED = 0;

/**
 * Seven bits with even parity, out of the eight bits that take as long on a line: what opens serial ports drops no byte
 * whose parity is wrong, and the small UART of a Raspberry Pi knows none. Where the eighth bit is hardly ever set,
 * something on the way has checked it and taken it away.
 */
export class EvenParity {
  #told = 0;

  /** The bytes that were sent, those with a wrong parity as NUL. */
  read(bytes: Uint8Array): Uint8Array {
    return bytes.map((byte) => {
      this.#told = byte > 0x7f ? Math.min(MOST, this.#told + WEIGHT) : Math.max(0, this.#told - 1);
      return this.#told >= ENOUGH && isOdd(byte) ? DAMAGED : byte & 0x7f;
    });
  }
}

/** Takes the bytes of a line as they were sent, also where what opened it as 8N1 left their parity in them. */
export function withoutParity(
  { dataBits }: LineSettings,
  take: (bytes: Uint8Array) => void,
): (bytes: Uint8Array) => void {
  if (dataBits !== 7) return take;
  const even = new EvenParity();
  return (bytes) => {
    take(even.read(bytes));
  };
}

/** Whether an odd number of its bits is set. */
function isOdd(byte: number): boolean {
  const half = byte ^ (byte >> 4);
  const quarter = half ^ (half >> 2);
  return ((quarter ^ (quarter >> 1)) & 1) === 1;
}
