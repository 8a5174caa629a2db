import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addExcess, EXCESS_SLOTS, excessOver, resetExcess, totalAt } from './excess.ts';
import { DAY, HOUR, MINUTE } from './time.ts';

const START = Date.UTC(2026, 0, 10);
const excessSince = (slots: Float64Array, since: number): number => excessOver(slots, totalAt(slots, since));

function run(minutes: number, power: (minute: number) => number): Float64Array {
  const slots = new Float64Array(EXCESS_SLOTS);
  resetExcess(slots);
  for (let minute = 0; minute < minutes; minute++) {
    addExcess(slots, START + minute * MINUTE, MINUTE, power(minute), 200);
  }
  return slots;
}

test('energy above usual is counted from the onset on', () => {
  const slots = run(300, (minute) => (minute >= 120 ? 2200 : 150));
  assert.equal(Math.round(excessSince(slots, START + 2 * HOUR)), 6000);
  assert.equal(Math.round(excessSince(slots, START + 4 * HOUR)), 2000);
});

test('power below usual gives nothing back, and where usual is unknown nothing is counted', () => {
  assert.equal(
    excessSince(
      run(120, () => 0),
      START,
    ),
    0,
  );
  const slots = run(10, () => 500);
  addExcess(slots, START + 10 * MINUTE, MINUTE, 5000, NaN);
  assert.equal(Math.round(excessSince(slots, START)), 50);
});

test('an onset longer ago than the memory counts what is remembered, a future one nothing', () => {
  const slots = run(2 * 24 * 60, () => 1200);
  const kept = excessSince(slots, START);
  assert.ok(kept > 31_000 && kept < 32_100, String(kept));
  assert.equal(excessSince(slots, START + 9 * DAY), 0);
});

test('a gap between steps is not counted', () => {
  const slots = run(60, () => 1200);
  addExcess(slots, START + 3 * HOUR, MINUTE, 1200, 200);
  assert.equal(Math.round(excessSince(slots, START)), 1017);
});
