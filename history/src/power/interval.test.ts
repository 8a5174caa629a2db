import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalLengths } from './interval.ts';

/** Starts in minutes to lengths in minutes. */
function lengths(starts: readonly number[], ends = false): number[] {
  const at = Float64Array.from(starts, (start) => start * 60_000);
  return [...intervalLengths(at, ends)].map((length) => length / 60_000);
}

test('an interval lasts until the next row, and the last as long as the one before', () => {
  assert.deepEqual(lengths([0, 15, 30]), [15, 15, 15]);
});

test('a hole in the rows does not stretch the interval before it', () => {
  assert.deepEqual(lengths([0, 15, 30, 90, 105, 120]), [15, 15, 15, 15, 15, 15]);
});

test('a device that changes its interval is followed both ways', () => {
  assert.deepEqual(lengths([0, 10, 20, 30, 40, 41, 42, 43, 44, 45]), [10, 10, 10, 10, 1, 1, 1, 1, 1, 1]);
  assert.deepEqual(
    lengths([0, 1, 2, 3, 4, 5, 6, 7, 17, 27, 37, 47]),
    [1, 1, 1, 1, 1, 1, 1, 10, 10, 10, 10, 10],
  );
});

test('intervals named by their end are measured backwards', () => {
  assert.deepEqual(lengths([30, 60, 90, 180, 210], true), [30, 30, 30, 30, 30]);
});

test('the first row of a file labelled at the ends is as long as the second, when others are longer', () => {
  assert.deepEqual(lengths([0, 1, 2, 4, 6, 8, 10], true), [1, 1, 1, 2, 2, 2, 2]);
  assert.deepEqual(lengths([0, 1, 2, 4, 6, 8, 10]), [1, 1, 2, 2, 2, 2, 2]);
});
