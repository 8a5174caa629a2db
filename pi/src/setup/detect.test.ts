import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectMeter, settingsToTry } from './detect.ts';
import { lineSettings } from '../meter.ts';
import { ascii, capture, hex, noCaptures } from '../meters/a-capture.test-data.ts';
import { DSMR_LINES, p1Telegram, smlEntry, smlFrame } from '../meters/a-frame.test-data.ts';
import { kermit, x25 } from '../meters/crc16.ts';

const named = (bytes: Uint8Array, settings = null as Parameters<typeof detectMeter>[1]): string[] =>
  detectMeter(bytes, settings).map(({ kind }) => kind.name);

test('each speed and format is tried once, DSMR 5 first', () => {
  const all = settingsToTry();
  assert.deepEqual(all[0], lineSettings(115_200, '8N1'));
  assert.equal(new Set(all.map((line) => JSON.stringify(line))).size, all.length);
  assert.ok(all.length <= 9);
});

test('noise is no meter', () => {
  for (const bytes of [
    new Uint8Array(),
    new Uint8Array(2_000),
    Uint8Array.from({ length: 5_000 }, (_, i) => (i * 7_919) >> 3),
  ])
    assert.deepEqual(named(bytes), []);
});

test('lines of numbers are lines, and one line is not enough', () => {
  assert.deepEqual(named(ascii('230\n231\n')), ['lines']);
  assert.deepEqual(named(ascii('230\n')), []);
  assert.deepEqual(named(ascii(`230\n231\n${'a boot message that is long\n'.repeat(3)}`)), []);
});

test('an answer of a PZEM is one, at its speed', () => {
  const answer = hex('01041408D1006C000000F400000026000001F4006400005134');
  assert.deepEqual(named(answer, lineSettings(9_600, '8N1')), ['pzem-004t']);
  assert.deepEqual(named(answer, lineSettings(115_200, '8N1')), []);
});

test('a checksum other than the standard is found out, and the settings with it', () => {
  const telegrams = p1Telegram(DSMR_LINES, '\r\n', x25);
  const frame = smlFrame([smlEntry('100700', '621b', '5200', '5205')], kermit);
  for (const [bytes, kind, checksum] of [
    [telegrams, 'dsmr', 'x25'],
    [frame, 'sml', 'kermit'],
    [p1Telegram(DSMR_LINES), 'dsmr', undefined],
  ] as const) {
    const [first, ...others] = detectMeter(bytes, null);
    assert.deepEqual([first?.kind.name, first?.options.checksum, others], [kind, checksum, []]);
  }
});

test('each capture is named as what it is', { skip: noCaptures }, () => {
  for (const [name, kind] of [
    ['dsmr/raw_capture_10min.txt.gz', 'dsmr'],
    ['dsmr/telegram_v5.txt', 'dsmr'],
    ['dsmr/dsmr-3.0-spec-example.txt', 'dsmr'],
    ['sml/EMH_eHZ361L5R.hex', 'sml'],
    ['sml/dzg_dwsb20_2th_3byte.hex', 'sml'],
    ['linky/linky_historique_tempo_capture.bin', 'linky-historique'],
    ['linky/linky_standard_frame_1.bin', 'linky-standard'],
    ['currentcost/capture_1.xml.txt', 'currentcost'],
    ['emontx/rfm_lines.txt', 'emontx'],
  ] as const)
    assert.deepEqual(named(capture(name)), [kind], name);
});
