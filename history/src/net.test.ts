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
