/** 16-bit CRCs whose bits come lowest first, by table. */

/** Steps of a CRC for each byte. @param polynomial reversed */
function crcTable(polynomial: number): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc;
  });
}

const IBM = crcTable(0xa001);
const CCITT = crcTable(0x8408);

function over(table: Uint16Array, bytes: Uint8Array, from: number, to: number, initial: number): number {
  let crc = initial;
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return crc;
}

/** One byte more of an ARC checksum that began with 0. */
export const arcStep = (crc: number, byte: number): number => (crc >>> 8) ^ (IBM[(crc ^ byte) & 0xff] ?? 0);
/** One byte more of an X.25 checksum that began with 0xffff; its complement is the checksum. */
export const x25Step = (crc: number, byte: number): number => (crc >>> 8) ^ (CCITT[(crc ^ byte) & 0xff] ?? 0);

/** CRC-16/ARC of bytes[from, to): DSMR. */
export const arc = (bytes: Uint8Array, from: number, to: number): number => over(IBM, bytes, from, to, 0);
/** CRC-16/MODBUS. */
export const modbus = (bytes: Uint8Array, from: number, to: number): number =>
  over(IBM, bytes, from, to, 0xffff);
/** CRC-16/X.25: SML. */
export const x25 = (bytes: Uint8Array, from: number, to: number): number =>
  over(CCITT, bytes, from, to, 0xffff) ^ 0xffff;
/** CRC-16/KERMIT: what some Holley meters use instead. */
export const kermit = (bytes: Uint8Array, from: number, to: number): number =>
  over(CCITT, bytes, from, to, 0);
