import { isInstant, wattHours, watts } from '@lefton/core';
import type { Reading } from '@lefton/core';

const [MORE, REST] = [0x80, 0x7f] as const;
/** Bytes of an instant before September 2039; a length takes one. */
const INSTANT_BYTES = 6;
const DOUBLE_BYTES = 8;
/** Branches of energy_wh as they stand in the bytes. */
const [NOTHING, NUMBER] = [0, 2] as const;

/**
 * The reading of a value of the newest version of lefton.Reading, as nearly all are: the meter is the key, in ASCII, and
 * the source is the one given. undefined for whatever is different in any way: whoever asked reads it by the schema.
 */
export function readInPlace(
  bytes: Buffer,
  start: number,
  meter: string,
  source: string,
): Reading | undefined {
  const { length } = bytes;
  let at = isAt(bytes, start, meter);
  if (at < 0 || at + INSTANT_BYTES + DOUBLE_BYTES + 1 > length) return undefined;
  let zigzag = 0;
  for (let i = 0, factor = 1; i < INSTANT_BYTES; i++, factor *= MORE) {
    const byte = bytes[at++] ?? 0;
    zigzag += (byte & REST) * factor;
    // another number of bytes is another length than looked for
    if (byte >= MORE !== i < INSTANT_BYTES - 1) return undefined;
  }
  const instant = zigzag / 2;
  const power = bytes.readDoubleLE(at);
  at += DOUBLE_BYTES;
  const branch = bytes[at++];
  let energy: number | null = null;
  if (branch === NUMBER && at + DOUBLE_BYTES <= length) {
    energy = bytes.readDoubleLE(at);
    at += DOUBLE_BYTES;
    if (!Number.isFinite(energy)) return undefined;
  } else if (branch !== NOTHING) return undefined;
  if (isAt(bytes, at, source) !== length || !isInstant(instant) || !Number.isFinite(power)) return undefined;
  const energyWh = energy === null ? null : wattHours(energy);
  return { meter, at: instant, watts: watts(power), energyWh, source };
}

/** Where the bytes go on after a text of ASCII with its length before it; -1 when it is not this one. */
function isAt(bytes: Buffer, start: number, text: string): number {
  const { length } = text;
  const from = start + 1;
  if (length >= MORE / 2 || bytes[start] !== length * 2 || from + length > bytes.length) return -1;
  for (let i = 0; i < length; i++) {
    const byte = bytes[from + i] ?? MORE;
    if (byte >= MORE || byte !== text.charCodeAt(i)) return -1;
  }
  return from + length;
}
