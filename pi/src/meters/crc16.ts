/** 16-bit CRCs whose bits come lowest first, by table. */

/** Steps of a CRC for each byte. @param polynomial reversed */
function crcTable(polynomial: number): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc;
  });
}

const [CR, LF] = [0x0d, 0x0a];
const IBM = crcTable(0xa001);
const CCITT = crcTable(0x8408);

function over(table: Uint16Array, bytes: Uint8Array, from: number, to: number, initial: number): number {
  let crc = initial;
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return crc;
}

/** As `over`, a line feed alone counting as carriage return and line feed. */
function overLines(table: Uint16Array, bytes: Uint8Array, to: number, initial: number): number {
  let [crc, before] = [initial, 0];
  for (let i = 0; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === LF && before !== CR) crc = (crc >>> 8) ^ (table[(crc ^ CR) & 0xff] ?? 0);
    crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
    before = byte;
  }
  return crc;
}

/** CRC-16/ARC of bytes[from, to). */
export const arc = (bytes: Uint8Array, from: number, to: number): number => over(IBM, bytes, from, to, 0);
/** CRC-16/ARC of bytes[0, to) with line ends of CR LF, whatever they are: DSMR. */
export const arcOfLines = (bytes: Uint8Array, to: number): number => overLines(IBM, bytes, to, 0);
/** CRC-16/X.25 in the same way. */
export const x25OfLines = (bytes: Uint8Array, to: number): number =>
  overLines(CCITT, bytes, to, 0xffff) ^ 0xffff;
/** CRC-16/MODBUS. */
export const modbus = (bytes: Uint8Array, from: number, to: number): number =>
  over(IBM, bytes, from, to, 0xffff);
/** CRC-16/X.25: SML. */
export const x25 = (bytes: Uint8Array, from: number, to: number): number =>
  over(CCITT, bytes, from, to, 0xffff) ^ 0xffff;
/** CRC-16/KERMIT: what some Holley meters use instead. */
export const kermit = (bytes: Uint8Array, from: number, to: number): number =>
  over(CCITT, bytes, from, to, 0);
