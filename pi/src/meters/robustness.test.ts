import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MeterKind, Telegram } from '../meter.ts';
import { ascii, capture, heard, joined, noCaptures } from './a-capture.test-data.ts';
import { SAMPLES } from './a-sample.test-data.ts';
import { meterKinds } from './index.ts';

/** Random bytes per kind of meter; a longer search: LEFTON_RUNS=1000000. */
const RANDOM_BYTES = Number(process.env['LEFTON_RUNS'] ?? 20_000);
const MEBIBYTE = 1_048_576;

const CAPTURES: Readonly<Record<string, readonly string[]>> = {
  dsmr: [
    ...['raw_capture_10min.txt.gz', 'corrupted.txt', 'dsmr-5.0-isk-1.txt', 'telegram_fluvius_v171.txt'],
    ...['telegram_sagemcom_t210_d_r.txt', 'telegram_v5.txt', 'telegram_v5_eon_hu.txt'],
  ].map((name) => `dsmr/${name}`),
  sml: [
    ...['DZG_DVS-7412.2_jmberg', 'DZG_DVS-7420.2V.G2_mtr1', 'DZG_DVS-7420.2V.G2_mtr1_error'],
    ...['DZG_DVS-7420.2V.G2_mtr2_neg', 'DrNeuhaus_SMARTY_ix-130', 'EMH-ED300L_consumption'],
    ...['EMH-ED300L_delivery', 'EMH_eHZ361L5R', 'EasyMeter_Q3A_A1064V1009', 'HOLLEY_DTZ541-ZDBA'],
    ...['ISKRA_MT631-D1A52-K0z-H01_with_PIN', 'ITRON_OpenWay-3.HZ_with_PIN', 'dzg_dwsb20_2th_3byte'],
    'eBZ_DD3_DD32R06DTA-SMZ1',
  ].map((name) => `sml/${name}.hex`),
  'linky-historique': ['linky/linky_historique_tempo_capture.bin'],
  'linky-standard': ['linky/linky_standard_frame_1.bin'],
  currentcost: ['currentcost/capture_1.xml.txt'],
  emontx: ['emontx/rfm_lines.txt'],
};
/** Of the ten minutes two suffice for pieces, and some ten telegrams for flips; all of them in a longer search. */
const MOST_BYTES = 90_000;
const LONG = RANDOM_BYTES > 20_000;
const FLIPPED_BYTES = LONG ? Infinity : 8_000;
/** Around a flipped byte so much is read: every frame it can be in is shorter. */
const WINDOW = 1_500;

const bytesOf = (name: string): Uint8Array => capture(name).subarray(0, MOST_BYTES);
const textOf = (telegrams: readonly Telegram[]): string[] => telegrams.map((one) => JSON.stringify(one));

/** A line of numbers is all that these need: chance makes some. */
const LOOSE = ['lines', 'emontx'];

/** A stream of pseudo-random bytes, in which the characters that frames are made of are frequent. */
function noise(count: number, seed: number, alphabet: Uint8Array): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const byte = (state >>> 16) & 0xff;
    return state >>> 28 < 12 ? (alphabet[byte % alphabet.length] ?? byte) : byte;
  });
}

for (const kind of meterKinds) {
  test(`${kind.name}: random bytes make no sense, and no trouble`, () => {
    const alphabet = joined(sampleOf(kind), ascii('\r\n/!<>'));
    for (const seed of [1, 2]) {
      const parser = kind.create();
      const bytes = noise(RANDOM_BYTES / 2, seed, alphabet);
      const told = heard(parser, bytes, 997);
      if (!LOOSE.includes(kind.name)) assert.deepEqual(told, []);
      for (const count of Object.values(parser.quality.bad)) assert.ok(count <= bytes.length);
      assert.ok(parser.quality.skippedBytes <= bytes.length);
    }
  });

  test(`${kind.name}: after any noise the next frames are read`, () => {
    const sample = sampleOf(kind);
    const expected = heard(kind.create(), sample).length;
    assert.ok(expected > 0);
    const piece = fc
      .tuple(fc.nat(sample.length), fc.nat(sample.length))
      .map(([a, b]) => sample.subarray(a, b));
    const dirt = fc.array(fc.oneof(fc.uint8Array({ maxLength: 200 }), piece), { maxLength: 4 });
    const many = 20;
    fc.assert(
      fc.property(dirt, (parts) => {
        const told = heard(kind.create(), joined(...parts, ...Array<Uint8Array>(many).fill(sample)));
        // what the dirt began may cost the first
        assert.ok(told.length >= (many - 2) * expected, `${told.length} of ${many * expected}`);
      }),
      { numRuns: 200 },
    );
  });

  test(`${kind.name}: a megabyte of anything that never ends stays within bounds`, () => {
    for (const byte of [0x00, 0x01, 0x1b, 0x20, 0x2f, 0x31, 0x3c, 0x3e, 0x70, 0x7f, 0xff]) {
      const parser = kind.create();
      assert.deepEqual(heard(parser, new Uint8Array(MEBIBYTE).fill(byte), 65_536), []);
    }
  });
}

for (const [name, files] of Object.entries(CAPTURES)) {
  const kind = kindOf(name);
  test(`${name}: pieces of any size give the same telegrams`, { skip: noCaptures }, () => {
    const streams = files.map((file) => ({
      bytes: bytesOf(file),
      told: heard(kind.create(), bytesOf(file)),
    }));
    fc.assert(
      fc.property(
        fc.constantFrom(...streams),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 }),
        ({ bytes, told }, sizes) => {
          const parser = kind.create();
          const pieced: Telegram[] = [];
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes[i % sizes.length] ?? 1;
            parser.push(bytes.subarray(at, at + size), (telegram) => pieced.push(telegram));
            at += size;
          }
          assert.deepEqual(pieced, told);
        },
      ),
      { numRuns: 40 },
    );
  });

  const promise = kind.guard === 'shape' ? 'makes no more readings' : 'makes no wrong reading';
  test(`${name}: one flipped byte anywhere ${promise}`, { skip: noCaptures }, () => {
    for (const file of files) {
      const bytes = capture(file).slice();
      const right = heard(kind.create(), bytes);
      const frames = new Set(textOf(right));
      const figures = new Set(right.flatMap(figuresOf));
      for (let at = 0; at < Math.min(bytes.length, FLIPPED_BYTES); at++) {
        const around = bytes.slice(Math.max(0, at - WINDOW), at + WINDOW);
        const place = Math.min(at, WINDOW);
        const most = heard(kind.create(), around).length + 1;
        for (const mask of LONG ? [1 << (at & 7), 0xff, 1 + (at % 255)] : [1 + (at % 255)]) {
          around[place] = (bytes[at] ?? 0) ^ mask;
          const told = heard(kind.create(), around);
          const where = `${file} byte ${at} by ${mask}`;
          assert.ok(told.length <= most, where);
          if (kind.guard === 'crc') for (const one of textOf(told)) assert.ok(frames.has(one), where);
          // a group that is lost leaves the others
          if (kind.guard === 'checksum')
            for (const figure of told.flatMap(figuresOf)) assert.ok(figures.has(figure), where);
        }
      }
    }
  });
}

/** What a telegram says, each for itself. */
function figuresOf({ meter, watts, energyWh, exportWh, toldAt, apparentVa }: Telegram): string[] {
  return Object.entries({ meter, watts, energyWh, exportWh, toldAt, apparentVa })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${String(value)}`);
}

function sampleOf({ name }: MeterKind): Uint8Array {
  const sample = SAMPLES[name];
  assert.ok(sample !== undefined, name);
  return sample;
}

function kindOf(name: string): MeterKind {
  const kind = meterKinds.find((one) => one.name === name);
  assert.ok(kind !== undefined);
  return kind;
}
