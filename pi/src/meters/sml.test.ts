import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeterOptions, Telegram } from '../meter.ts';
import { capture, damage, heard, hex, joined, noCaptures } from './a-capture.test-data.ts';
import { smlEntry, smlFrame } from './a-frame.test-data.ts';
import { kermit } from './crc16.ts';
import { SmlParser } from './sml.ts';

const START = '1b1b1b1b01010101';
const NET = '100700';
const WATTS = '621b';

const read = (bytes: Uint8Array, options?: MeterOptions): Telegram[] => heard(new SmlParser(options), bytes);
const power = (value: string, scaler = '52fe', options?: MeterOptions): number | null | undefined =>
  read(smlFrame([smlEntry(NET, WATTS, scaler, value)]), options)[0]?.watts;

test('power and both registers are read, and the meter by the number on its plate', () => {
  const entries = [
    smlEntry('010800', '621e', '52ff', '650137c0c7'),
    smlEntry('020800', '621e', '52ff', '6205'),
    smlEntry(NET, WATTS, '5200', '5300c1'),
  ];
  assert.deepEqual(read(smlFrame(entries)), [
    {
      meter: '0a0144434700000001ff',
      watts: 193,
      energyWh: 2_043_104.7,
      exportWh: 0.5,
      toldAt: null,
      apparentVa: null,
    },
  ]);
});

test('needs 36: a negative value of three bytes stays negative', () => {
  assert.equal(power('54ff1479'), -602.95);
  for (const [value, watts] of [
    ['5285', -1.23],
    ['53ff85', -1.23],
    ['54ffff85', -1.23],
    ['55ffffff85', -1.23],
    ['56ffffffff85', -1.23],
    ['57ffffffffff85', -1.23],
    ['58ffffffffffff85', -1.23],
    ['59ffffffffffffff85', -1.23],
    ['527b', 1.23],
    ['590000000000012a16', 763.1],
    ['64ff1479', 167_169.21],
  ] as const)
    assert.equal(power(value), watts, value);
  assert.deepEqual([power('527b', '5201'), power('527b', '01')], [1_230, 123]);
});

test('needs 37: a DZG meter that hides signs is read by a setting, and only by it', () => {
  assert.deepEqual([power('538b28'), power('53d6ca')], [-299.12, -105.5]);
  assert.equal(power('538b28', '52fe', { unsignedPower: true }), 356.24);
});

test('what stands in another unit is no power, and a value too large to be exact none either', () => {
  assert.deepEqual(read(smlFrame([smlEntry(NET, '6223', '52ff', '530914')])), []);
  assert.deepEqual(read(smlFrame([smlEntry(NET, '01', '01', '530914')])), []);
  assert.equal(power('597fffffffffffffff'), undefined);
});

test('a power without sign is a reading only where the status of the register tells its direction', () => {
  const absolute = smlEntry('0f0700', WATTS, '52ff', '550000055b');
  const register = (status: string): string => `77070100010800ff${status}01621e52ff62ff01`;
  const watts = (status: string): number | null | undefined =>
    read(smlFrame([register(status), absolute]))[0]?.watts;
  assert.deepEqual(['630182', '6301a2', '01', '64010182'].map(watts), [137.1, -137.1, null, null]);
});

test('escape bytes inside of a frame are sent twice, and count once', () => {
  const bytes = smlFrame([smlEntry(NET, WATTS, '5200', '551b1b1b1b')]);
  assert.ok(Buffer.from(bytes).toString('hex').includes('551b1b1b1b1b1b1b1b'));
  assert.equal(read(bytes)[0]?.watts, 0x1b1b1b1b);
});

test('without a net power it is import minus export, whichever is told', () => {
  const [drawn, fed] = [smlEntry('010700', WATTS, '5200', '5264'), smlEntry('020700', WATTS, '5200', '5232')];
  const told = [[drawn], [fed], [drawn, fed]].map((entries) => read(smlFrame(entries))[0]?.watts);
  assert.deepEqual(told, [100, -50, 50]);
});

test('tariffs are summed where there is no total', () => {
  const tariffs = [smlEntry('010801', '621e', '52ff', '6207'), smlEntry('010802', '621e', '52ff', '63012c')];
  assert.equal(read(smlFrame(tariffs))[0]?.energyWh, 30.7);
});

test('the other checksum of some Holley meters is a setting', () => {
  const bytes = smlFrame([smlEntry(NET, WATTS, '5200', '5205')], kermit);
  assert.deepEqual(read(bytes), []);
  assert.equal(read(bytes, { checksum: 'kermit' })[0]?.watts, 5);
});

test('a bare number as time, as Holley meters send it, is skipped', () => {
  const odd = '77070100100700ff016500148e03621b52005301cc01';
  assert.equal(read(smlFrame([odd]))[0]?.watts, 460);
});

test('noise before, after and between costs no frame that is whole', () => {
  const good = smlFrame([smlEntry(NET, WATTS, '5200', '5205')]);
  const parser = new SmlParser();
  const cut = good.subarray(0, 40);
  const noise = hex('1b1b00ff1b1b1b1b01011b');
  const told = heard(
    parser,
    joined(noise, good, cut, good, hex('1b1b1b'), good, hex('1b1b1b1b02'), good, noise),
  );
  assert.equal(told.length, 4);
  assert.deepEqual(damage(parser.quality), { cut: 1 });
  const stray = joined(cut, hex('1b'), good);
  assert.equal(read(stray).length, 1);
});

test('a frame that never ends is dropped at its longest length', () => {
  const parser = new SmlParser();
  const good = smlFrame([smlEntry(NET, WATTS, '5200', '5205')]);
  assert.equal(heard(parser, joined(hex(START), new Uint8Array(9_000).fill(0x77), good), 100).length, 1);
  assert.deepEqual(damage(parser.quality), { too_long: 1 });
});

test('lists in lists and lengths beyond the end are refused, in a frame with the right checksum', () => {
  for (const value of ['7171717171717171717171717171', '5f00', '8f8f8f8f8f01', 'f1ffffff', '1201'])
    assert.deepEqual(read(smlFrame([smlEntry('600100', '01', '01', value)])), [], value);
});

/** By a separate reading in Python: good frames, the last one's watts and registers in Wh. */
const METERS: Record<string, [number, number | null, number | null, number | null]> = {
  'DZG_DVS-7412.2_jmberg': [1, -299.12, 5_430_157.7, 26_244_572.6],
  'DZG_DVS-7420.2V.G2_mtr1': [4, 5.79, 2_353_656.9, 0],
  'DZG_DVS-7420.2V.G2_mtr1_error': [0, null, null, null],
  'DZG_DVS-7420.2V.G2_mtr2_neg': [3, -104.38, 13_232.9, 1_500_321.4],
  'DrNeuhaus_SMARTY_ix-130': [12, 0, null, 4_373],
  'EMH-ED300L_consumption': [1, 137.1, 17_243_368.3, null],
  'EMH-ED300L_delivery': [2, -126.5, 17_243_675.6, null],
  EMH_eHZ361L5R: [1, -5_632.1916, null, 110_340_315.1],
  EasyMeter_Q3A_A1064V1009: [4, 687.86, 2_941_647.1626, 110_073.1603],
  'HOLLEY_DTZ541-ZDBA': [7, 462, 177_361.3, 314_926],
  'ISKRA_MT631-D1A52-K0z-H01_with_PIN': [5, 194, 2_043_104.9, 0],
  'ITRON_OpenWay-3.HZ_with_PIN': [5, 542, 25_892_776.7, null],
  dzg_dwsb20_2th_3byte: [14, -760.47, 142_429.8, 2_016_208.1],
  'eBZ_DD3_DD32R06DTA-SMZ1': [4, null, 13_024_000, 1_000],
};

for (const [name, [frames, ...figures]] of Object.entries(METERS)) {
  test(`${name}: ${frames} readings, whatever the pieces`, { skip: noCaptures }, () => {
    const bytes = capture(`sml/${name}.hex`);
    const told = read(bytes);
    assert.equal(told.length, frames);
    const last = told.at(-1);
    if (last !== undefined) assert.deepEqual([last.watts, last.energyWh, last.exportWh], figures);
    assert.deepEqual(heard(new SmlParser(), bytes, 1), told);
    assert.deepEqual(heard(new SmlParser(), bytes, 61), told);
  });
}

test('a value that is no number is none: octets and truth values have bytes as well', () => {
  for (const value of ['0500000001', '4201', '01'])
    assert.deepEqual(read(smlFrame([smlEntry(NET, WATTS, '5200', value)])), [], value);
});

test('of two tariffs one may stand alone, and the total is told where there is one', () => {
  const register = (code: string, value: string): string => smlEntry(code, '621e', '5200', value);
  const energy = (...entries: readonly string[]): unknown => read(smlFrame(entries))[0]?.energyWh;
  assert.equal(energy(register('010801', '6264')), 100);
  assert.equal(energy(register('010802', '6232')), 50);
  assert.equal(energy(register('010801', '6264'), register('010802', '6232')), 150);
  assert.equal(
    energy(register('010800', '62c8'), register('010801', '6264'), register('010802', '6232')),
    200,
  );
});

test('export is told apart from import, also where the net is not told', () => {
  const watts = (...entries: readonly string[]): unknown => read(smlFrame(entries))[0]?.watts;
  assert.equal(watts(smlEntry('020700', WATTS, '5200', '6264')), -100);
  assert.equal(
    watts(smlEntry('010700', WATTS, '5200', '6232'), smlEntry('020700', WATTS, '5200', '6264')),
    -50,
  );
  assert.equal(watts(smlEntry('020701', WATTS, '5200', '6264')), -100);
  // a phase is no sum
  assert.equal(watts(smlEntry('240700', WATTS, '5200', '6264')), undefined);
});
