import { START } from './a-capture.test-data.ts';
import { arc } from './meters/crc16.ts';

const WINTER_MS = 3_600_000;

/** A DSMR 5 telegram of our own, with its checksum: a second since an instant, a power, and the import register. */
export function dsmrTelegram(second: number, watts: number, from = START, wh = 1_000_000 + second): Buffer {
  const at = new Date(from + WINTER_MS + second * 1_000).toISOString();
  const clock = `${at.slice(2, 4)}${at.slice(5, 7)}${at.slice(8, 10)}${at.slice(11, 19).replaceAll(':', '')}W`;
  const kw = (value: number): string => (value / 1_000).toFixed(3).padStart(6, '0');
  const kwh = (value: number): string => (value / 1_000).toFixed(3).padStart(10, '0');
  const lines = [
    '/LFT5\\2made-up-for-tests',
    '',
    '1-3:0.2.8(50)',
    `0-0:1.0.0(${clock})`,
    '0-0:96.1.1(4530303030303030)',
    `1-0:1.8.1(${kwh(wh)}*kWh)`,
    '1-0:1.8.2(000000.000*kWh)',
    '1-0:2.8.1(000000.000*kWh)',
    '1-0:2.8.2(000000.000*kWh)',
    `1-0:1.7.0(${kw(Math.max(0, watts))}*kW)`,
    `1-0:2.7.0(${kw(Math.max(0, -watts))}*kW)`,
    '!',
  ];
  const body = Buffer.from(lines.join('\r\n'), 'latin1');
  const crc = arc(body, 0, body.length).toString(16).toUpperCase().padStart(4, '0');
  return Buffer.concat([body, Buffer.from(`${crc}\r\n`, 'latin1')]);
}
