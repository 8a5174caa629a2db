import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '@lefton/core';
import { registerDifferences } from './register.ts';

/** Totals in kWh, an hour apart. */
function hourly(...totals: number[]): { at: number[]; watts: number[]; refused: number; resets: number } {
  const at = Float64Array.from(totals, (_, i) => i * HOUR);
  const { value, refused, resets, ...rest } = registerDifferences(
    { at, value: Float64Array.from(totals, (total) => total * 1_000) },
    100_000,
  );
  return {
    at: [...rest.at].map((time) => time / HOUR),
    watts: [...value].map((w) => Math.round(w)),
    refused,
    resets,
  };
}

test('totals become mean powers at the start of their intervals', () => {
  assert.deepEqual(hourly(10, 10.5, 12), { at: [0, 1, 2], watts: [500, 1_500, NaN], refused: 0, resets: 0 });
});

test('needs 30: a counter that reads 0 once books nothing, and the next delta spreads over the real time', () => {
  const { watts, refused } = hourly(13_423.7, 0, 13_423.8, 13_424.8);
  assert.deepEqual(watts, [50, NaN, 1_000, NaN]);
  assert.equal(refused, 1);
});

test('needs 31: the last good total is remembered, nothing is booked for a zero between', () => {
  assert.deepEqual(hourly(15_508.5, 0, 15_508.5).watts, [0, NaN, NaN]);
});

test('needs 31: a jump beyond what the home can draw is a gap', () => {
  assert.deepEqual(hourly(10, 500_000, 11).watts, [500, NaN, NaN]);
});

test('needs 27: a total that leaps after the sensor was away is no use', () => {
  assert.deepEqual(hourly(10, NaN, 500).watts, [NaN]);
});

test('a meter that starts anew for good is followed again, without a delta across', () => {
  const { at, watts, resets, refused } = hourly(500, 501, 0, 1, 3, 4);
  assert.deepEqual(at, [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(watts, [1_000, NaN, 1_000, 2_000, 1_000, NaN]);
  assert.deepEqual([resets, refused], [1, 0]);
});

test('a register without any total gives nothing', () => {
  assert.deepEqual(hourly(NaN, NaN).at, []);
  assert.deepEqual(hourly().at, []);
});

test('a register in coarse steps that has just risen cannot rise by another step at once', () => {
  const totals = [...Array.from({ length: 40 }, (_, i) => Math.floor(i / 2)), 20, 21, 21, 22, 22].map(
    (kwh) => kwh * 1_000,
  );
  // half an hour from row to row, but for the one in which two steps come within a second
  const at = totals.map((_, i) => i * (HOUR / 2) - (i > 40 ? HOUR / 2 - 1_000 : 0));
  const { refused } = registerDifferences(
    { at: Float64Array.from(at), value: Float64Array.from(totals) },
    100_000,
  );
  assert.equal(refused, 1);
});
