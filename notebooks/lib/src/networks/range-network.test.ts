import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '@lefton/core';
import type { ExpectedRange, History } from '@lefton/core';
import { aTensorFlow } from './a-tensorflow.test-data.ts';
import { lessonsOf } from './lessons.ts';
import { trainRange } from './range-network.ts';
import type { TrainingProgress } from './quantile-network.ts';

const tf = await aTensorFlow();

/** Three weeks of 300 W, give or take 100 W, and 2 kW to 3 kW on Sunday evenings. */
function aHistory(): History {
  const from = Date.UTC(2026, 0, 5);
  const at = Float64Array.from({ length: (21 * DAY) / (5 * MINUTE) }, (_, i) => from + i * 5 * MINUTE);
  const watts = at.map((instant, i) => {
    const date = new Date(instant);
    const wave = (i * 7) % 101;
    return date.getUTCDay() === 0 && date.getUTCHours() === 18 ? 2000 + 10 * wave : 200 + 2 * wave;
  });
  return { at, watts };
}

const lessons = lessonsOf(aHistory(), { zone: 'UTC' });
const SUNDAY_EVENING = 6 * 24 + 18;

async function trained(seed: number, rounds: number): Promise<ExpectedRange> {
  const network = await trainRange(tf, lessons, { seed, rounds });
  const range = network.range();
  network.dispose();
  return range;
}

test('a network learns what is usual, and that one hour of the week is not like the others', async () => {
  const { low, usual, high } = await trained(1, 6);
  const at = (bucket: number): number[] => [low, usual, high].map((side) => Number(side[bucket]));
  const [dayLow = NaN, dayUsual = NaN, dayHigh = NaN] = at(12);
  assert.ok(
    Math.abs(dayLow - 210) < 60 && Math.abs(dayUsual - 300) < 60 && Math.abs(dayHigh - 390) < 60,
    String(at(12)),
  );
  const [, eveningUsual = NaN, eveningHigh = NaN] = at(SUNDAY_EVENING);
  assert.ok(eveningUsual > 1500 && eveningHigh > 2000, String(at(SUNDAY_EVENING)));
});

test('low is never above usual, nor usual above high, and high is 100 W above low, before any training too', async () => {
  for (const rounds of [0, 1]) {
    const { low, usual, high } = await trained(2, rounds);
    for (const [bucket, lowest] of low.entries()) {
      const [below, middle, above] = [Number(lowest), Number(usual[bucket]), Number(high[bucket])];
      assert.ok(below <= middle && middle - below <= above - below, `bucket ${bucket}`);
      assert.ok(above - below >= 99.99, `bucket ${bucket}`);
    }
  }
});

test('the same seed gives the same network to the last bit, another seed another one', async () => {
  const [one, again, other] = [await trained(3, 1), await trained(3, 1), await trained(4, 1)];
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
});

test('the loss is told round by round, and goes down', async () => {
  const told: TrainingProgress[] = [];
  const network = await trainRange(tf, lessons, {
    seed: 1,
    rounds: 3,
    onProgress: (progress) => told.push(progress),
  });
  network.dispose();
  assert.deepEqual(
    told.map(({ round, rounds }) => [round, rounds]),
    [
      [1, 3],
      [2, 3],
      [3, 3],
    ],
  );
  assert.ok(Number(told[2]?.loss) < Number(told[0]?.loss));
});

test('an hour is twelve values, its own bucket and its own season', () => {
  assert.equal(lessons.watts.length, 21 * 24 * 12);
  assert.equal(lessons.hours, 21 * 24);
  assert.deepEqual([...new Set(lessons.season)], [0]);
  assert.equal(lessons.nextSeason, 0);
  assert.equal(lessons.bucket[12 * SUNDAY_EVENING], SUNDAY_EVENING);
});

test('minutes are thinned to twelve values that are spread as they were', () => {
  const at = Float64Array.from({ length: (2 * DAY) / MINUTE }, (_, i) => Date.UTC(2026, 5, 1) + i * MINUTE);
  const own = lessonsOf({ at, watts: at.map((_, i) => i % 60) }, { zone: 'UTC' });
  assert.equal(own.watts.length, 48 * 12);
  assert.deepEqual([...own.watts.subarray(0, 3)], [2, 7, 12]);
  assert.equal(own.nextSeason, 2);
});

test('a holiday is a Sunday, and what lies outside of the time asked for is not learned', () => {
  const day = Date.UTC(2026, 0, 7) / DAY;
  const own = lessonsOf(aHistory(), {
    zone: 'UTC',
    holidays: [day],
    from: day * DAY,
    until: day * DAY + 25 * HOUR,
  });
  assert.deepEqual(
    [...new Set(own.bucket.subarray(0, 24 * 12))],
    Array.from({ length: 24 }, (_, hour) => 144 + hour),
  );
  assert.equal(own.hours, 25);
});

test('less than a day is too little to learn from', () => {
  assert.throws(
    () => lessonsOf({ at: new Float64Array(), watts: new Float64Array() }, { zone: 'UTC' }),
    /too few/,
  );
});
