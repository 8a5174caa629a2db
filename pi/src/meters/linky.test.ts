import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Telegram } from '../meter.ts';
import { ascii, capture, damage, heard, joined, noCaptures } from './a-capture.test-data.ts';
import { LinkyParser } from './linky.ts';
import type { LinkyMode } from './linky.ts';

/** The standard's rule, put down a second time. */
function group(mode: LinkyMode, ...fields: readonly string[]): string {
  const separator = mode === 'standard' ? '\t' : ' ';
  const text = fields.join(separator);
  const summed = mode === 'standard' ? `${text}\t` : text;
  const sum = ascii(summed).reduce((total, byte) => total + byte, 0);
  return `\n${text}${separator}${String.fromCharCode((sum & 0x3f) + 0x20)}\r`;
}
const frame = (mode: LinkyMode, ...groups: readonly (readonly string[])[]): string =>
  `\x02${groups.map((fields) => group(mode, ...fields)).join('')}\x03`;
const read = (mode: LinkyMode, text: string): Telegram[] => heard(new LinkyParser(mode), ascii(text));

const HOME = [
  ['ADCO', '012345678901'],
  ['HCHC', '000723392'],
  ['HCHP', '001742238'],
  ['PAPP', '00180'],
];
const STANDARD = [
  ['ADSC', '041876000000'],
  ['DATE', 'E250714093015', ''],
  ['EAST', '017026175'],
  ['EAIT', '000001234'],
  ['SINSTS', '00519'],
  ['SINSTI', '01200'],
  ['CCASN', 'E250714090000', '00521'],
];

test('groups published elsewhere have the checksums that are published with them', () => {
  // from public frames: facts, not code
  for (const [mode, text] of [
    ['historique', 'HCHP 000320792 *'],
    ['historique', 'IINST 000 W'],
    ['standard', 'SINSTS\t00766\tY'],
    ['standard', 'SMAXSN\tE230712084949\t04536\tM'],
  ] as const) {
    const parser = new LinkyParser(mode);
    heard(parser, ascii(`\x02\n${text}\r\x03`));
    assert.deepEqual(damage(parser.quality), {}, text);
  }
});

test('needs 46: power in volt-amperes is told as such, never as watts', () => {
  assert.deepEqual(read('historique', frame('historique', ...HOME)), [
    {
      meter: '012345678901',
      watts: null,
      energyWh: 2_465_630,
      exportWh: null,
      toldAt: null,
      apparentVa: 180,
    },
  ]);
});

test('standard mode tells import minus injection, both registers and its clock', () => {
  const [told] = read('standard', frame('standard', ...STANDARD));
  assert.deepEqual(told, {
    meter: '041876000000',
    watts: null,
    energyWh: 17_026_175,
    exportWh: 1_234,
    toldAt: Date.UTC(2025, 6, 14, 7, 30, 15),
    apparentVa: -681,
  });
});

test('a clock the meter doubts, or that shows no date, is not told', () => {
  for (const date of ['e250714093015', 'E251314093015', ' 250714093015', 'E2507140930']) {
    const groups = STANDARD.map((one) => (one[0] === 'DATE' ? ['DATE', date, ''] : one));
    assert.equal(read('standard', frame('standard', ...groups))[0]?.toldAt, null, date);
  }
  const winter = STANDARD.map((one) => (one[0] === 'DATE' ? ['DATE', 'H191203125805', ''] : one));
  assert.equal(read('standard', frame('standard', ...winter))[0]?.toldAt, Date.UTC(2019, 11, 3, 11, 58, 5));
});

test('a checksum that is a space is one', () => {
  const text = group('historique', 'PTEC', 'HP..');
  assert.ok(text.endsWith('  \r'));
  const parser = new LinkyParser('historique');
  assert.equal(heard(parser, ascii(`\x02${text}${group('historique', 'PAPP', '00550')}\x03`)).length, 1);
  assert.deepEqual(damage(parser.quality), {});
});

test('a bad group costs itself: without all indexes there is no register, and the power stays', () => {
  const parser = new LinkyParser('historique');
  const [told] = heard(parser, ascii(frame('historique', ...HOME).replace('001742238', '001742239')));
  assert.deepEqual([told?.apparentVa, told?.energyWh], [180, null]);
  assert.deepEqual(damage(parser.quality), { checksum: 1 });
});

test('a frame joined in its middle, broken off or without power and energy is no telegram', () => {
  const whole = frame('historique', ...HOME);
  const parser = new LinkyParser('historique');
  const text = `${whole.slice(40)}${whole.slice(0, 60)}${whole}${whole.slice(0, 60)}\x04${frame('historique', ['ADPS', '040'])}`;
  assert.equal(heard(parser, ascii(text)).length, 1);
  assert.deepEqual(damage(parser.quality), { cut: 2, shape: 2 });
  assert.equal(parser.quality.other, 1);
});

test('groups and frames that never end are dropped', () => {
  const parser = new LinkyParser('historique');
  const endless = `\x02\n${'x'.repeat(1_000)}\r${group('historique', 'IINST', '001').repeat(200)}\x03`;
  assert.equal(heard(parser, ascii(`${endless}${frame('historique', ...HOME)}`)).length, 1);
  assert.deepEqual(damage(parser.quality), { too_long: 2 });
});

test('a capture of a Tempo contract: ten whole frames, six indexes together', { skip: noCaptures }, () => {
  const bytes = capture('linky/linky_historique_tempo_capture.bin');
  const parser = new LinkyParser('historique');
  const told = heard(parser, bytes);
  assert.deepEqual(
    told.map(({ apparentVa }) => apparentVa),
    [2_840, 2_840, 2_840, 2_840, 2_840, 2_850, 2_860, 2_860, 2_850, 2_850],
  );
  const [first] = told;
  assert.equal(first?.energyWh, 18_328_856 + 23_739_545 + 1_466_099 + 2_132_883 + 860_118 + 844_115);
  assert.deepEqual(damage(parser.quality), {});
  assert.deepEqual(heard(new LinkyParser('historique'), bytes, 1), told);
});

test(
  'lines of a text file without frame marks are read up to the last frame that ends',
  { skip: noCaptures },
  () => {
    const parser = new LinkyParser('historique');
    const told = heard(parser, capture('linky/linky_historique_hchp_lines.txt'));
    assert.deepEqual(
      told.map(({ apparentVa, energyWh }) => [apparentVa, energyWh]),
      [
        [null, 2_465_630],
        [180, 2_465_596],
        [null, 2_465_596],
        [190, 2_465_612],
      ],
    );
    assert.deepEqual(damage(parser.quality), {});
  },
);

test('a standard frame is read, all its groups in order', { skip: noCaptures }, () => {
  const parser = new LinkyParser('standard');
  assert.deepEqual(heard(parser, capture('linky/linky_standard_frame_1.bin'), 1), [
    {
      meter: '12345678900',
      watts: null,
      energyWh: 17_026_175,
      exportWh: null,
      toldAt: Date.UTC(2019, 11, 3, 11, 58, 5),
      apparentVa: 519,
    },
  ]);
  assert.deepEqual(damage(parser.quality), {});
});

test('bad groups say nothing', { skip: noCaptures }, () => {
  const quoted = /"(.*)"/g;
  const lines = Buffer.from(capture('linky/linky_bad_lines.txt')).toString('latin1').matchAll(quoted);
  const texts = [...lines].map(([, text = '']) => text.replace('\\r', '\r').replace('\\n', '\n'));
  assert.equal(texts.length, 3);
  const parser = new LinkyParser('historique');
  assert.deepEqual(heard(parser, joined(ascii('\x02'), ...texts.map(ascii), ascii('\x03'))), []);
  assert.deepEqual(damage(parser.quality), { checksum: 1, shape: 2 });
});

test('a frame that says nothing of power or energy is no telegram', () => {
  assert.deepEqual(
    read('historique', frame('historique', ['ADCO', '012345678901'], ['OPTARIF', 'HC..'])),
    [],
  );
  assert.deepEqual(
    read('standard', frame('standard', ['ADSC', '041876000000'], ['DATE', 'E250714093015', ''])),
    [],
  );
});
