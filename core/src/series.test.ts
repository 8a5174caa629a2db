import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toSeries } from './series.ts';
import type { Cadence } from './series.ts';
import { HOUR, MINUTE, SECOND } from './time.ts';

const START = Date.UTC(2026, 0, 10);
const MINUTES: Cadence = { stepMs: MINUTE, holdMs: 10 * MINUTE, readingPerStep: false };

/** Steps of [seconds, watts] readings; null is a gap. */
function steps(readings: readonly (readonly [number, number])[], cadence: Cadence): (number | null)[] {
  const at = readings.map(([second]) => START + second * SECOND);
  const series = toSeries(
    at,
    readings.map(([, power]) => power),
    cadence,
  );
  return Array.from(series.watts, (value, i) => (series.known[i] === 1 ? value : null));
}

test('a step is the mean of what held during it, weighted by time', () => {
  assert.deepEqual(
    steps(
      [
        [0, 100],
        [45, 500],
        [60, 500],
        [120, 0],
      ],
      MINUTES,
    ),
    [200, 500, null],
  );
});

test('readings every second become one minute without loss of energy', () => {
  const readings = Array.from({ length: 181 }, (_, second) => [second, second < 90 ? 1000 : 0] as const);
  assert.deepEqual(steps(readings, MINUTES).slice(0, 3), [1000, 500, 0]);
});

test('a gap stays a gap: a reading holds no longer than the hold', () => {
  const held = steps(
    [
      [0, 300],
      [30 * 60, 400],
      [31 * 60, 400],
    ],
    MINUTES,
  );
  assert.deepEqual(held.slice(0, 10), Array(10).fill(300));
  assert.deepEqual(held.slice(10, 30), Array(20).fill(null));
  assert.equal(held[30], 400);
});

test('needs 48: sparse values of a change-based sensor make no ramp and no energy from nothing', () => {
  const cadence: Cadence = { stepMs: 5 * MINUTE, holdMs: HOUR, readingPerStep: false };
  const held = steps(
    [
      [0, 0],
      [10 * 3600, 2000],
      [10 * 3600 + 300, 2000],
    ],
    cadence,
  );
  assert.deepEqual(held.slice(0, 12), Array(12).fill(0));
  assert.deepEqual(held.slice(12, 120), Array(108).fill(null));
  assert.equal(held[120], 2000);
});

test('a meter with one reading per step has its step finished when the reading arrives', () => {
  const cadence: Cadence = { stepMs: 10 * MINUTE, holdMs: 30 * MINUTE, readingPerStep: true };
  assert.deepEqual(
    steps(
      [
        [0, 100],
        [600, 200],
        [2400, 300],
      ],
      cadence,
    ),
    [100, 200, 200, 200, 300],
  );
  assert.deepEqual(
    steps(
      [
        [2, 100],
        [599, 150],
        [603, 200],
      ],
      cadence,
    ),
    [100, 200],
  );
});

test('a gap of years costs nothing and the grid goes on', () => {
  const series = toSeries([START, START + 40_000 * HOUR], [100, 200], {
    ...MINUTES,
    stepMs: HOUR,
    readingPerStep: true,
  });
  assert.equal(series.watts[40_000], 200);
  assert.equal(
    series.known.reduce((sum, known) => sum + known, 0),
    2,
  );
});

test('whatever the readings, each known step lies between the lowest and the highest', () => {
  const reading = fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: -500, max: 9000 }));
  fc.assert(
    fc.property(fc.array(reading, { minLength: 2, maxLength: 60 }), fc.boolean(), (gaps, readingPerStep) => {
      let second = 0;
      const readings = gaps.map(([gap, power]) => [(second += gap), power] as const);
      const powers = readings.map(([, power]) => power);
      for (const value of steps(readings, { ...MINUTES, readingPerStep })) {
        if (value === null) continue;
        assert.ok(value >= Math.min(...powers) - 1e-6 && value <= Math.max(...powers) + 1e-6);
      }
    }),
  );
});
