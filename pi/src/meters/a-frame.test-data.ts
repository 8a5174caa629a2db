import { ascii, hex, joined } from './a-capture.test-data.ts';
import { arc, modbus, x25 } from './crc16.ts';

/** Frames made here after the standards, with invented figures. */

/** Made in the shape of DSMR 5. */
export const DSMR_LINES: readonly string[] = [
  '/XMX5LGBBFG1012345678',
  '',
  '1-3:0.2.8(50)',
  '0-0:1.0.0(241027023000S)',
  '0-0:96.1.1(4530303031)',
  '1-0:1.8.1(001234.567*kWh)',
  '1-0:1.8.2(000765.433*kWh)',
  '1-0:2.8.1(000010.001*kWh)',
  '1-0:2.8.2(000020.002*kWh)',
  '1-0:1.7.0(00.378*kW)',
  '1-0:2.7.0(01.500*kW)',
  '1-0:21.7.0(09.999*kW)',
  '0-1:24.2.1(241027020000S)(01569.646*m3)',
];

/** A P1 telegram whose CRC is right over CR LF, whatever the line ends are. */
export function p1Telegram(lines: readonly string[], end = '\r\n', checksum = arc): Uint8Array {
  const body = ascii(`${lines.join('\r\n')}\r\n!`);
  const crc = checksum(body, 0, body.length).toString(16).toUpperCase().padStart(4, '0');
  return ascii([...lines, `!${crc}`, ''].join(end));
}

/** Seven elements: name, no status, no time, unit, scaler, value, no signature; all but the name as hexadecimal elements. */
export const smlEntry = (code: string, unit: string, scaler: string, value: string): string =>
  `77070100${code}ff0101${unit}${scaler}${value}01`;

/** An SML file with one list; escapes doubled, filled up, signed. */
export function smlFrame(
  entries: readonly string[],
  checksum = x25,
  server = '0a0144434700000001ff',
): Uint8Array {
  const size = (server.length / 2 + 1).toString(16).padStart(2, '0');
  const list = `77 01 ${size}${server} 01 01 7${entries.length} ${entries.join('')} 01 01`;
  const body = hex(`760201 6200 6200 72 630701 ${list} 63abcd 00`);
  const fill = (4 - (body.length % 4)) % 4;
  const filled = joined(body, new Uint8Array(fill));
  const doubled = Buffer.from(filled)
    .toString('hex')
    .replace(/((?:..)*?)1b1b1b1b/g, '$11b1b1b1b1b1b1b1b');
  const unsigned = joined(hex('1b1b1b1b01010101'), hex(doubled), hex(`1b1b1b1b1a0${fill}`));
  const crc = checksum(unsigned, 0, unsigned.length);
  return joined(unsigned, Uint8Array.of(crc & 0xff, crc >> 8));
}

/** Bytes with their Modbus CRC. */
export function modbusSigned(bytes: Uint8Array): Uint8Array {
  const crc = modbus(bytes, 0, bytes.length);
  return joined(bytes, Uint8Array.of(crc & 0xff, crc >> 8));
}

/** An answer of slave 1 with floats at addresses. */
export function modbusFloats(
  start: number,
  count: number,
  values: Readonly<Record<number, number>>,
): Uint8Array {
  const bytes = new Uint8Array(3 + 2 * count);
  bytes.set([1, 4, 2 * count]);
  for (const [address, value] of Object.entries(values))
    new DataView(bytes.buffer).setFloat32(3 + 2 * (Number(address) - start), value);
  return modbusSigned(bytes);
}
