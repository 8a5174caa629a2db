import { ascii, hex } from './a-capture.test-data.ts';
import { DSMR_LINES, modbusFloats, p1Telegram, smlEntry, smlFrame } from './a-frame.test-data.ts';

/** Frames of each kind, made here or from public manuals, so that tests also run without the captures. */
export const SAMPLES: Readonly<Record<string, Uint8Array>> = {
  dsmr: p1Telegram(DSMR_LINES),
  sml: smlFrame([smlEntry('100700', '621b', '5200', '5300c1')]),
  sdm120: modbusFloats(0x0c, 64, { 0x0c: 1_234.5 }),
  sdm630: modbusFloats(0x34, 24, { 0x34: 1_234.5 }),
  'pzem-004t': hex('01041408D1006C000000F400000026000001F4006400005134'),
  'linky-historique': ascii('\x02\nADCO 012345678901 E\r\nHCHP 000320792 *\r\nPAPP 00180 *\r\x03'),
  'linky-standard': ascii('\x02\nSINSTS\t00766\tY\r\x03'),
  currentcost: ascii(
    '<msg><src>CC128-v0.12</src><dsb>00089</dsb><time>13:02:39</time><tmpr>18.7</tmpr><sensor>0</sensor>' +
      '<id>01234</id><type>1</type><ch1><watts>00345</watts></ch1></msg>\r\n',
  ),
  emontx: ascii('MSG:71923,Vrms:246.78,P1:157,E1:16346,pulse:15\r\nOK 8 105 0 191 1 (-28)\r\n'),
  lines: ascii('2026-03-24T03:12:00Z,200\r\n230\r\n'),
};
