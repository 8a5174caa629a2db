import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PulseMeter } from './pulse.ts';

test('the time between two pulses is a mean power, and each pulse adds to the register', () => {
  const meter = new PulseMeter({ impulsesPerKwh: 1_000, startWh: 5_000 });
  const told = [0, 3_600, 7_200, 9_000].map((at) => meter.pulse(at));
  assert.deepEqual(
    told.map((one) => [one?.watts, one?.energyWh]),
    [
      [null, 5_001],
      [1_000, 5_002],
      [1_000, 5_003],
      [2_000, 5_004],
    ],
  );
});

test('an edge that bounces is no pulse', () => {
  const meter = new PulseMeter({ impulsesPerKwh: 1_000 });
  const told = [0, 1, 19, 3_600, 3_605].map((at) => meter.pulse(at)?.energyWh ?? null);
  assert.deepEqual(told, [1, null, null, 2, null]);
  assert.equal(meter.quality.other, 3);
});

test('a power beyond any fuse is no reading', () => {
  const meter = new PulseMeter({ impulsesPerKwh: 1_000 });
  meter.pulse(0);
  assert.equal(meter.pulse(30), null);
  assert.equal(meter.quality.bad.implausible, 1);
  assert.equal(meter.pulse(3_600)?.watts, 1_000);
});

test('while no pulse comes the power falls, and after the longest time nothing is said', () => {
  const meter = new PulseMeter({ impulsesPerKwh: 1_000, longestMs: 60_000 });
  meter.pulse(0);
  assert.equal(meter.silence(10_000), null);
  meter.pulse(3_600);
  assert.equal(meter.silence(5_000), null);
  assert.equal(meter.silence(3_600 + 7_200)?.watts, 500);
  assert.equal(meter.silence(3_600 + 60_001), null);
  assert.deepEqual(meter.pulse(3_600 + 70_000)?.watts, null);
});

test('needs 27: nothing is made of the time in which pulses may have been missed', () => {
  const meter = new PulseMeter({ impulsesPerKwh: 1_000 });
  meter.pulse(0);
  meter.interrupted();
  assert.deepEqual([meter.silence(5_000), meter.pulse(6_000)?.watts], [null, null]);
  assert.equal(meter.pulse(9_600)?.watts, 1_000);
});
