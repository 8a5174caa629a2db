import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatUtc } from '@lefton/core';
import type { MeterOptions, Telegram } from '../meter.ts';
import { ascii, capture, damage, heard, joined, noCaptures } from './a-capture.test-data.ts';
import { DSMR_LINES, p1Telegram } from './a-frame.test-data.ts';
import { x25 } from './crc16.ts';
import { DsmrParser } from './dsmr.ts';

/** Made here, in the shape of DSMR 2.2: no CRC. */
const OLD = [
  '/KMP5 ZABF000000000000',
  '0-0:96.1.1(4B46)',
  '1-0:1.8.1(00185.000*kWh)',
  '1-0:1.8.2(00084.000*kWh)',
  '1-0:2.8.1(00013.000*kWh)',
  '1-0:2.8.2(00019.000*kWh)',
  '1-0:1.7.0(0000.98*kW)',
  '1-0:2.7.0(0000.00*kW)',
  '0-1:24.3.0(120517020000)(08)(60)(1)(0-1:24.2.1)(m3)',
  '(00124.477)',
];

const unsigned = (lines: readonly string[]): Uint8Array => ascii([...lines, '!', ''].join('\r\n'));
const read = (bytes: Uint8Array, options?: MeterOptions): Telegram[] => heard(new DsmrParser(options), bytes);
const changed = (lines: readonly string[], from: string, to: string): string[] =>
  lines.map((line) => line.replace(from, to));

test('power is import minus export, registers are summed over tariffs, and gas is passed over', () => {
  assert.deepEqual(read(p1Telegram(DSMR_LINES)), [
    {
      meter: 'E0001',
      watts: -1_122,
      energyWh: 2_000_000,
      exportWh: 30_003,
      toldAt: Date.UTC(2024, 9, 27, 0, 30),
      apparentVa: null,
    },
  ]);
});

test('the hour that comes twice in autumn is told apart by S and W', () => {
  const times = ['241027023000S', '241027023000W', '240115120000W', '241345000000W'].map((time) => {
    const [told] = read(p1Telegram(changed(DSMR_LINES, '241027023000S', time)));
    return told?.toldAt == null ? null : formatUtc(told.toldAt);
  });
  assert.deepEqual(times, ['2024-10-27T00:30:00Z', '2024-10-27T01:30:00Z', '2024-01-15T11:00:00Z', null]);
  const [estonia] = read(p1Telegram(DSMR_LINES), { winterOffsetMin: 120 });
  assert.equal(formatUtc(estonia?.toldAt ?? 0), '2024-10-26T23:30:00Z');
});

test('the CRC holds over CR LF, also where an adapter or a file left LF only', () => {
  assert.equal(read(p1Telegram(DSMR_LINES, '\n')).length, 1);
  const parser = new DsmrParser();
  assert.deepEqual(heard(parser, joined(ascii('\n'), p1Telegram(changed(DSMR_LINES, '', '\n')))), []);
});

test('a meter that signs by X.25 is read where the settings say so', () => {
  const bytes = p1Telegram(DSMR_LINES, '\r\n', x25);
  assert.equal(read(bytes, { checksum: 'x25' }).length, 1);
  assert.deepEqual(read(bytes), []);
});

test('needs 40: a telegram with one flipped byte is dropped whole, and the next is read', () => {
  for (const [from, to] of [
    ['(00.378*kW)', '(00,378*kW)'],
    ['1-0:2.7.0', '1)0:2.7.0'],
    ['(01.500', '(01.501'],
  ] as const) {
    const good = p1Telegram(DSMR_LINES);
    const bad = ascii(Buffer.from(good).toString('latin1').replace(from, to));
    const parser = new DsmrParser();
    assert.equal(heard(parser, joined(bad, good)).length, 1);
    assert.deepEqual(damage(parser.quality), { checksum: 1 });
  }
});

test('needs 41: without a footer and with a byte 0xFF inside, only whole telegrams are read, and all of them', () => {
  const good = p1Telegram(DSMR_LINES);
  const noFooter = good.subarray(0, good.length - 8);
  const dirty = good.slice();
  dirty[100] = 0xff;
  const parser = new DsmrParser();
  const told = heard(parser, joined(noFooter, good, dirty, good, noFooter, good, Uint8Array.of(0xff, 0)));
  assert.equal(told.length, 3);
  assert.deepEqual(damage(parser.quality), { cut: 2, checksum: 1 });
  assert.equal(parser.quality.skippedBytes, 2);
});

test('needs 39: where there is no CRC, a lost character is seen by the shape of its field', () => {
  assert.equal(read(unsigned(OLD))[0]?.watts, 980);
  for (const field of [
    '(0215*kW)',
    '(000.98*kW)',
    '(0000.98*kW',
    '(0000.98kW)',
    '(0000.98*W)',
    '(0000,98*kW)',
  ])
    assert.deepEqual(read(unsigned(changed(OLD, '(0000.98*kW)', field))), [], field);
  assert.deepEqual(read(unsigned([...OLD, '1-0:1.7.0(0000.97*kW)'])), []);
  assert.deepEqual(read(unsigned(OLD.filter((line) => !line.startsWith('1-0:1.8.2')))), []);
  assert.deepEqual(read(unsigned(changed(OLD, '0000.98', '0900.98'))), []);
});

test('without CRC, a register that leaps is believed when the next telegram goes on from there', () => {
  const leapt = changed(OLD, '00185.000', '00985.000');
  const parser = new DsmrParser();
  const told = [OLD, leapt, OLD, leapt, leapt].flatMap((lines) => heard(parser, unsigned(lines)));
  assert.deepEqual(
    told.map(({ energyWh }) => energyWh),
    [269_000, 269_000, 1_069_000],
  );
  assert.deepEqual(damage(parser.quality), { implausible: 2 });
});

test('a telegram that must be signed and is not is no reading', () => {
  assert.deepEqual(read(unsigned(DSMR_LINES)), []);
  const parser = new DsmrParser();
  assert.equal(heard(parser, joined(p1Telegram(DSMR_LINES), unsigned(OLD))).length, 1);
  assert.deepEqual(damage(parser.quality), { checksum: 1 });
});

test('a telegram that never ends is dropped at its longest length', () => {
  const parser = new DsmrParser();
  assert.equal(heard(parser, joined(ascii(`/${'x'.repeat(20_000)}`), p1Telegram(DSMR_LINES)), 100).length, 1);
  assert.deepEqual(damage(parser.quality), { too_long: 1 });
});

test('ten minutes of a real meter are 566 readings', { skip: noCaptures }, () => {
  const bytes = capture('dsmr/raw_capture_10min.txt.gz');
  const parser = new DsmrParser();
  const told = heard(parser, bytes);
  assert.equal(told.length, 566);
  // counted apart from this code
  assert.equal(
    told.reduce((sum, { watts }) => sum + Number(watts), 0),
    338_030,
  );
  assert.deepEqual([told[0]?.watts, told.at(-1)?.watts, told[0]?.energyWh], [378, 744, 6_657_459]);
  assert.equal(formatUtc(told[0]?.toldAt ?? 0), '2019-03-24T14:05:19Z');
  assert.deepEqual(damage(parser.quality), {});
  assert.deepEqual(heard(new DsmrParser(), bytes, 1), told);
  assert.deepEqual(heard(new DsmrParser(), bytes, 7_919), told);
});

test('each published telegram is read, or refused for its replaced id', { skip: noCaptures }, () => {
  const expected: Record<string, [Telegram['watts'], number | null, number | null] | null> = {
    'dsmr-2.2-kfm-1': [980 as Telegram['watts'], 269_000, 32_000],
    'dsmr-3.0-spec-example': [1_190 as Telegram['watts'], 24_691_356, 24_691_356],
    'dsmr-4.2.2-spec-example': null,
    'dsmr-5.0-ene-1': null,
    'dsmr-5.0-isk-1': [-498 as Telegram['watts'], 6_757_178, 4_162_465],
    'emucs-p1-v2.1.1-spec-example-1': null,
    // its end, `!`, is missing
    'iskra-mt-382-no-crc': null,
    telegram_fluvius_v171: [0 as Telegram['watts'], 15_792, 11],
    telegram_sagemcom_t210_d_r: [286 as Telegram['watts'], 6_545_766, 58],
    telegram_v5: [244 as Telegram['watts'], 6_825, 2_444],
    telegram_v5_eon_hu: [-2_601 as Telegram['watts'], 173_640, 627_177],
  };
  for (const [name, figures] of Object.entries(expected)) {
    // some files lack the last line end, which a meter sends
    const told = read(joined(capture(`dsmr/${name}.txt`), ascii('\r\n'))).map((one) => [
      one.watts,
      one.energyWh,
      one.exportWh,
    ]);
    assert.deepEqual(told, figures === null ? [] : [figures], name);
  }
});

test('of the corrupted telegrams only the two whole ones are read', { skip: noCaptures }, () => {
  const parser = new DsmrParser();
  const told = heard(parser, capture('dsmr/corrupted.txt'));
  assert.deepEqual(
    told.map(({ watts }) => watts),
    [377, 382],
  );
  assert.deepEqual(damage(parser.quality), { cut: 2, checksum: 2 });
});

test('a value without digits, or with more than are exact, is none, and least of all 0 W', () => {
  for (const field of ['(*kW)', '(.*kW)', '(00000000000000.378*kW)', '(1.2.3*kW)', '(00.378*kW'])
    assert.equal(read(p1Telegram(changed(DSMR_LINES, '(00.378*kW)', field)))[0]?.watts ?? null, null, field);
});

test('the total register is told where there is one, with and without those of tariffs', () => {
  const energyOf = (lines: readonly string[]): unknown => {
    const [told] = read(p1Telegram(lines));
    return [told?.energyWh, told?.exportWh];
  };
  const totals = ['1-0:1.8.0(002000.500*kWh)', '1-0:2.8.0(000031.000*kWh)'];
  assert.deepEqual(energyOf([...DSMR_LINES, ...totals]), [2_000_500, 31_000]);
  const alone = DSMR_LINES.filter((line) => !/^1-0:[12]\.8/.test(line));
  assert.deepEqual(energyOf([...alone, ...totals]), [2_000_500, 31_000]);
  assert.deepEqual(energyOf(alone), [null, null]);
  // the power of a tariff, and a register beyond the tariffs that there are, are others
  const others = ['1-0:1.7.1(09.000*kW)', '1-0:1.8.9(000009.000*kWh)'];
  assert.equal(read(p1Telegram([...DSMR_LINES, ...others]))[0]?.watts, -1_122);
  assert.deepEqual(energyOf([...DSMR_LINES, ...others]), [2_000_000, 30_003]);
});
