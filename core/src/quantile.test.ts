import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile } from './quantile.ts';

test('quantiles are linear between values, and the ends are the ends', () => {
  const sorted = Float64Array.from([1, 2, 3, 4]);
  assert.deepEqual(
    [0, 0.5, 0.9, 1].map((q) => quantile(sorted, q)),
    [1, 2.5, 3.7, 4],
  );
});

test('one value is all quantiles, and no value has none', () => {
  assert.equal(quantile(Float64Array.of(7), 0.3), 7);
  assert.equal(quantile(new Float64Array(), 0.5), NaN);
});
