import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Series } from '../series/series.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';
import { Zone } from '../zone.ts';
import { byHour, deviationOf } from './by-hour.ts';
import {
  aboveForHalfHour,
  baselines,
  meansAndFloors,
  minMaxOfHours,
  minMaxOfReadings,
  zScore,
} from './index.ts';
import { stepsIn, trailingMean, trailingMin } from './trailing.ts';

const UTC = new Zone('UTC');

/** NaN = a gap. */
const series = (values: readonly number[], stepMs = MINUTE, startAt = 0): Series => ({
  startAt,
  stepMs,
  watts: Float64Array.from(values),
  known: Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1)),
});

/** Two weeks of 100 W with 1 kW for the first 20 minutes after 18:00. */
const evenings = series(
  Array.from({ length: (14 * DAY) / MINUTE }, (_, minute) => {
    const ofDay = minute % 1440;
    return ofDay >= 1080 && ofDay < 1100 ? 1000 : 100;
  }),
);

/** What a baseline fitted on those evenings says of a day: 100 W, and `watts` from minute `from` for `minutes`. */
function day(
  baseline: (typeof baselines)[number],
  from: number,
  minutes: number,
  watts: number,
): Float64Array {
  const values = new Array<number>(1440).fill(100).fill(watts, from, from + minutes);
  return baseline.fit(evenings, UTC)(series(values, MINUTE, 14 * DAY));
}

describe('trailing features', () => {
  test('a mean needs 80 % of its steps', () => {
    assert.deepEqual([...trailingMean(series([1, 2, 3, NaN, 5, 6]), 5)].slice(4), [2.75, 4]);
    assert.deepEqual([...trailingMean(series([1, NaN, 3, NaN, 5]), 5)], [NaN, NaN, NaN, NaN, NaN]);
  });

  test('a floor needs all of its steps and is their lowest', () => {
    const floor = trailingMin(series([5, 4, 6, 7, NaN, 3, 2, 9, 8, 7]), 3);
    assert.deepEqual([...floor], [NaN, NaN, 4, 4, NaN, NaN, NaN, 2, 2, 7]);
  });

  test('a window shorter than the step is one step', () => {
    assert.equal(stepsIn(30, HOUR), 1);
    assert.equal(stepsIn(60, 15 * MINUTE), 4);
  });
});

describe('figures by hour', () => {
  test('neighbouring hours count where asked, round midnight too', () => {
    const hours = Uint8Array.from([0, 1, 22, 23]);
    const highest = byHour(Float64Array.from([1, 2, 3, 4]), hours, (pool) => Math.max(...pool), 1);
    assert.deepEqual([highest[0], highest[1], highest[22], highest[12]], [4, 2, 4, NaN]);
  });

  test('the deviation is that of the values themselves, not of a sample', () => {
    assert.equal(deviationOf(Float64Array.from([2, 4, 4, 4, 5, 5, 7, 9])), 2);
  });
});

describe('baselines', () => {
  test('the article scores 1 at the highest reading of the hour, and cannot tell a kettle from a heater', () => {
    const score = day(minMaxOfReadings, 1080, 3, 1000);
    assert.equal(score[1081], 1);
    assert.equal(score[1090], 0);
  });

  test('the trailing hour is above its range when 1 kW lasts for 30 instead of 20 minutes', () => {
    const score = day(minMaxOfHours, 1080, 30, 1000);
    assert.ok((score[1099] ?? NaN) < 1.001);
    assert.ok((score[1110] ?? NaN) > 1.4);
  });

  test('the z-score of the usual is near zero and of an unusual half hour high', () => {
    const score = day(zScore, 300, 30, 1000);
    assert.ok(Math.abs(score[200] ?? NaN) < 1);
    assert.ok((score[329] ?? NaN) > 20);
  });

  test('above X W for 30 min answers with the level that was held', () => {
    const score = day(aboveForHalfHour, 600, 30, 700);
    assert.deepEqual([score[628], score[629], score[630]], [100, 700, 100]);
  });

  test('means and floors see a level that is usual but does not go away', () => {
    const score = day(meansAndFloors, 1080, 60, 1000);
    assert.ok((score[1095] ?? NaN) <= 1);
    assert.ok((score[1139] ?? NaN) > 1);
  });

  for (const { name, fit } of baselines) {
    test(`${name}: no score sees a later step`, () => {
      const score = fit(evenings, UTC);
      const whole = Array.from({ length: 600 }, (_, i) => 100 + ((i * 37) % 900));
      const cut = whole.slice(0, 400);
      assert.deepEqual(score(series(whole)).subarray(0, 400), score(series(cut)));
    });
  }
});
