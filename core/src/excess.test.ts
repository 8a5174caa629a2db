import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addExcess, EXCESS_SLOTS, excessNow, excessSince, goOnFrom, resetExcess, totalOf } from './excess.ts';
import { DAY, HOUR, MINUTE } from './time.ts';

const START = Date.UTC(2026, 0, 10);

function run(minutes: number, power: (minute: number) => number): Float64Array {
  const slots = new Float64Array(EXCESS_SLOTS);
  resetExcess(slots);
  for (let minute = 0; minute < minutes; minute++) {
    addExcess(slots, START + minute * MINUTE, MINUTE, power(minute), 200);
  }
  return slots;
}
const since = (slots: Float64Array, from: number, minutes: number): number =>
  Math.round(excessSince(slots, START + from * MINUTE, START + minutes * MINUTE).wh);

test('energy above usual is counted from the onset on', () => {
  const slots = run(300, (minute) => (minute >= 120 ? 2200 : 150));
  assert.equal(since(slots, 120, 300), 6000);
  assert.equal(since(slots, 240, 300), 2000);
});

test('what was on just before the onset is not of it', () => {
  for (const onset of [121, 124, 137, 149, 153, 161]) {
    const slots = run(200, (minute) => (minute < onset ? 4200 : 1200));
    assert.ok(Math.abs(since(slots, onset, 200) - (200 - onset) * (1000 / 60)) <= 1, String(onset));
  }
  // by fewer marks where it is longer ago
  const slots = run(500, (minute) => (minute < 223 ? 4200 : 1200));
  assert.ok(Math.abs(since(slots, 223, 500) - 277 * (1000 / 60)) <= 1);
});

test('an onset after the newest mark has its part of what came since', () => {
  assert.equal(
    since(
      run(303, () => 1200),
      301,
      303,
    ),
    33,
  );
});

test('less than usual is less, and where usual is unknown nothing is counted', () => {
  assert.equal(
    since(
      run(120, (minute) => (minute < 60 ? 0 : 1200)),
      0,
      120,
    ),
    800,
  );
  const slots = run(10, () => 500);
  addExcess(slots, START + 10 * MINUTE, MINUTE, 5000, NaN);
  assert.equal(since(slots, 0, 11), 50);
});

test('an onset longer ago than the memory counts what is remembered, a future one nothing', () => {
  const slots = run(2 * 24 * 60, () => 1200);
  const kept = since(slots, 0, 2 * 24 * 60);
  assert.ok(kept > 31_000 && kept < 32_300, String(kept));
  assert.equal(excessSince(slots, START + 9 * DAY, START + 10 * DAY).knownMs, 0);
});

test('a gap between steps is not counted, neither as energy nor as time', () => {
  const slots = run(60, () => 1200);
  addExcess(slots, START + 3 * HOUR, MINUTE, 1200, 200);
  assert.equal(since(slots, 0, 181), 1017);
  assert.equal(excessSince(slots, START, START + 181 * MINUTE).knownMs, 61 * MINUTE);
  assert.equal(Math.round(excessNow(slots, START + 181 * MINUTE)), 1000);
});

test('an onset between two marks has no more than was drawn between them', () => {
  // nothing was on until the second mark
  const slots = run(500, (minute) => (minute < 240 ? 200 : 2200));
  assert.equal(since(slots, 210, 500), Math.round(260 * (2000 / 60)));
});

test('a clock that is put back begins anew: what was counted by it before is not counted again', () => {
  const slots = run(600, () => 4200);
  addExcess(slots, START, HOUR, 1200, 200);
  addExcess(slots, START + HOUR, HOUR, 1200, 200);
  assert.equal(since(slots, 0, 120), 2000);
});

test('what is on now is that of the last quarter of an hour, or of the last step where that is longer', () => {
  assert.equal(
    Math.round(
      excessNow(
        run(120, (minute) => (minute < 105 ? 4200 : 1200)),
        START + 2 * HOUR,
      ),
    ),
    1000,
  );
  const hourly = new Float64Array(EXCESS_SLOTS);
  resetExcess(hourly);
  for (const [hour, watts] of [4200, 1200].entries())
    addExcess(hourly, START + hour * HOUR, HOUR, watts, 200);
  assert.equal(Math.round(excessNow(hourly, START + 2 * HOUR)), 1000);
});

test('a total alone goes on, and is not counted again', () => {
  const slots = new Float64Array(EXCESS_SLOTS);
  goOnFrom(slots, 5000);
  addExcess(slots, START, HOUR, 1200, 200);
  assert.equal(totalOf(slots), 6000);
  assert.equal(since(slots, 0, 60), 1000);
});

test('whatever the steps, energy and known time are those since the onset', () => {
  for (const stepMin of [1, 2, 5, 10, 15, 20, 30, 60]) {
    const slots = new Float64Array(EXCESS_SLOTS);
    resetExcess(slots);
    const steps = (30 * 60) / stepMin;
    for (let i = 0; i < steps; i++)
      addExcess(slots, START + i * stepMin * MINUTE, stepMin * MINUTE, 1200, 200);
    for (let ago = stepMin; ago <= 480; ago += stepMin) {
      const { wh, knownMs } = excessSince(slots, START + (30 * 60 - ago) * MINUTE, START + 30 * HOUR);
      assert.ok(Math.abs(wh - (ago * 1000) / 60) < 1, `${stepMin} min steps, ${ago} min ago: ${wh}`);
      assert.ok(Math.abs(knownMs - ago * MINUTE) < MINUTE);
    }
  }
});

test('an outage after the last known step is not of what came before it', () => {
  const slots = run(600, () => 1200);
  assert.equal(since(slots, 590, 2000), 167);
  assert.equal(since(slots, 600, 2000), 0);
  assert.equal(since(slots, 700, 2000), 0);
});
