import assert from 'node:assert/strict';
import { test } from 'node:test';
import { netPower } from './net.ts';
import type { Powers } from './track.ts';

const track = (
  direction: 'import' | 'export',
  entries: Readonly<Record<number, number>>,
  holds = false,
): Powers => ({
  at: Float64Array.from(Object.keys(entries), Number),
  value: Float64Array.from(Object.values(entries)),
  duplicates: 0,
  conflicts: 0,
  holds,
  direction,
});
const net = (...tracks: Powers[]): Record<number, number> => {
  const { at, value } = netPower(tracks);
  return Object.fromEntries([...at].map((time, i) => [time, value[i] ?? NaN]));
};

test('needs 47: import counts up and export down', () => {
  assert.deepEqual(net(track('import', { 1: 0, 2: 500 }), track('export', { 1: 1_569, 2: 0 })), {
    1: -1_569,
    2: 500,
  });
  assert.deepEqual(net(track('export', { 1: 1_569 })), { 1: -1_569 });
});

test('tariffs that are silent count nothing', () => {
  assert.deepEqual(net(track('import', { 1: 5, 2: 5 }), track('import', { 3: 7 })), { 1: 5, 2: 5, 3: 7 });
});

test('a direction that misses a row between others makes the net unknown', () => {
  assert.deepEqual(net(track('import', { 1: 5, 2: 5, 3: 5 }), track('export', { 1: 1, 3: 1 })), {
    1: 4,
    2: NaN,
    3: 4,
  });
  assert.deepEqual(net(track('import', { 1: 5, 3: 5 }), track('export', { 1: 1, 2: 1, 3: 1 })), {
    1: 4,
    2: NaN,
    3: 4,
  });
  assert.deepEqual(net(track('import', { 1: NaN, 2: 5 }), track('export', { 1: 1, 2: 1 })), { 1: NaN, 2: 4 });
});

test('before the first export there was none', () => {
  assert.deepEqual(net(track('import', { 1: 5, 2: 5 }), track('export', { 2: 1 })), { 1: 5, 2: 4 });
});

test('registers with times of their own hold their power until the next total', () => {
  const one = track('import', { 0: 100, 10: 200, 20: NaN }, true);
  const two = track('import', { 5: 1, 15: 2, 25: NaN }, true);
  assert.deepEqual(net(one, two), { 0: 100, 5: 101, 10: 201, 15: 202, 20: 2, 25: NaN });
});

test('a value of a longer interval counts at the shorter ones of another, and not beyond its end', () => {
  const hours = { ...track('import', { 0: 50, 20: 60 }), incessant: true, lengths: Float64Array.of(10, 10) };
  const minutes = { ...track('import', { 0: 1, 5: 2, 10: 3, 20: 4, 25: 5 }), incessant: true };
  assert.deepEqual(net(hours, minutes), { 0: 51, 5: 52, 10: NaN, 20: 64, 25: 65 });
  assert.equal(netPower([hours, minutes]).spread, 2);
});

test('without one of the phases nothing is known of their sum, at the ends neither', () => {
  const phase = (entries: Readonly<Record<number, number>>): Powers => ({
    ...track('import', entries),
    phase: true,
  });
  assert.deepEqual(net(phase({ 1: 1, 2: 2, 3: 3, 4: 4 }), phase({ 2: 10, 4: 10 })), {
    1: NaN,
    2: 12,
    3: NaN,
    4: 14,
  });
  assert.deepEqual(net(phase({ 1: 1, 2: 2 }), phase({ 1: 10 })), { 1: 11, 2: NaN });
});
