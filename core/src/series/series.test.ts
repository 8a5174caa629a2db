import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toSeries } from './series.ts';
import type { Cadence } from './resampler.ts';
import { HOUR, MINUTE, SECOND } from '../time.ts';

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

test('readings closer than the steps of the history are parts of a step, whichever came first', () => {
  const cadence: Cadence = { stepMs: 30 * MINUTE, holdMs: 90 * MINUTE, readingPerStep: true };
  const kettle = (second: number): number => (second % 1800 < 120 ? 3000 : 300);
  const live = Array.from({ length: 721 }, (_, i) => [5400 + i * 10, kettle(i * 10)] as const);
  const export_ = [0, 1800, 3600].map((second) => [second, 480] as const);
  // what the first of a step says stands for the rest of that step only
  assert.deepEqual(steps([...export_, ...live], cadence).slice(0, 7), [480, 480, 480, 3000, 480, 480, 480]);
  const back = Array.from({ length: 20 }, (_, i) => [14_400 + i * 1800, 480] as const);
  assert.deepEqual(steps([...live, ...back], cadence).slice(5), Array(20).fill(480));
  assert.equal(steps([...live, ...back.slice(0, 5)], cadence).at(-1), null, 'not yet told by steps again');
});

test('however often a meter tells, the energy of its steps is what it drew', () => {
  const property = fc.property(
    fc.constantFrom(1, 5, 15, 30, 60),
    fc.double({ min: 0.01, max: 0.74, noNaN: true }),
    fc.array(fc.integer({ min: 0, max: 9000 }), { minLength: 200, maxLength: 400 }),
    (minutes, share, powers) => {
      const stepMs = minutes * MINUTE;
      const period = Math.max(1000, Math.round(share * stepMs));
      const at = powers.map((_, i) => START + i * period);
      const series = toSeries(at, powers, { stepMs, holdMs: 3 * stepMs, readingPerStep: true });
      const last = at[at.length - 1] ?? START;
      // the first step is that of its first reading
      for (let i = 1; START + (i + 1) * stepMs <= last; i++) {
        const [from, to] = [START + i * stepMs, START + (i + 1) * stepMs];
        const drawn = powers.reduce((sum, power, j) => {
          const begin = at[j] ?? 0;
          return sum + power * Math.max(0, Math.min(to, begin + period) - Math.max(from, begin));
        }, 0);
        assert.equal(series.known[i], 1);
        assert.ok(Math.abs((series.watts[i] ?? NaN) - drawn / stepMs) < 1e-6);
      }
    },
  );
  fc.assert(property, { numRuns: 50 });
});

test('a meter that has become slower than its history has no gaps: each reading stands until the next', () => {
  for (const minutes of [12, 20, 30, 60]) {
    for (const readingPerStep of [true, false]) {
      const readings = Array.from(
        { length: 80 },
        (_, i) => [i * minutes * 60, i % 5 === 0 ? 2000 : 100] as const,
      );
      const told = steps(readings, { ...MINUTES, readingPerStep }).slice(20 * minutes, 75 * minutes);
      assert.ok(!told.includes(null), `${minutes} min`);
      assert.equal(
        told.reduce<number>((sum, power) => sum + (power ?? 0), 0),
        55 * minutes * 480,
      );
    }
  }
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
