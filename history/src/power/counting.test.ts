import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SECOND } from '@lefton/core';
import { countingOf } from './counting.ts';

const totals = (...value: readonly number[]): { at: Float64Array; value: Float64Array } => ({
  at: Float64Array.from(value, (_, i) => i * 10 * SECOND),
  value: Float64Array.from(value),
});
const rising = (count: number, step: (i: number) => number): number[] => {
  let total = 13_423_700;
  return Array.from({ length: count }, (_, i) => (total += step(i)));
};

test('a register counts by what all its steps are multiples of', () => {
  assert.equal(countingOf(totals(...rising(50, (i) => [10, 0, 30, 20][i % 4] ?? 0))).wh, 10);
  assert.equal(countingOf(totals(13_000, 15_345, 17_111, 17_111, 18_222)).wh, 1);
  assert.equal(countingOf(totals(...rising(200, (i) => (i % 3) * 1.25))).wh, 1.25);
});

test('a total off the grid, a missing one and a zero spoil no more than the steps beside them', () => {
  const values = rising(400, () => 10);
  values[100] = (values[100] ?? 0) + 3;
  values[150] = NaN;
  values[200] = 0;
  assert.equal(countingOf(totals(...values)).wh, 10);
});

test('fewer than three steps tell nothing', () => {
  assert.deepEqual(countingOf(totals(5, 5, 15, 15, 25)), { wh: 0, refreshMs: 0 });
  assert.deepEqual(countingOf(totals()), { wh: 0, refreshMs: 0 });
});

test('steps of several parts that always come as long after each other are refreshes', () => {
  const refreshed = rising(600, (i) => (i % 6 === 0 ? 40 + (i % 7) : 0));
  assert.equal(countingOf(totals(...refreshed)).refreshMs, 60 * SECOND);
  const switched = rising(600, (i) => (i % 50 < 20 ? 5 + (i % 2) : Number(i % 5 === 0)));
  assert.equal(countingOf(totals(...switched)).refreshMs, 0);
  const now = [3, 9, 14, 31, 60, 62, 71, 90, 130, 133, 170, 171, 190, 230, 260];
  assert.equal(countingOf(totals(...rising(300, (i) => (now.includes(i) ? 5 + (i % 3) : 0)))).refreshMs, 0);
});
