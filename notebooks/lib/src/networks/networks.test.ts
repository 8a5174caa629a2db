import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, fit, MINUTE, runsOf, Zone } from '@lefton/core';
import type { LeftOnModel, Scorer, Series } from '@lefton/core';
import { aHome, HOME_FIT, HOME_START } from '../../../../core/src/a-home.test-data.ts';
import { home, modelContract } from '../../../../test/a-model-contract.test-data.ts';
import { aTensorFlow } from './a-tensorflow.test-data.ts';
import { lessonsOf } from './lessons.ts';
import { trainRange } from './range-network.ts';
import { runLessonsOf } from './run-lessons.ts';
import { trainRuns } from './run-network.ts';
import { sustainedByHour } from './sustained-level.ts';
import { trainSustained } from './sustained-network.ts';
import { withNetwork } from './trained-model.ts';

const tf = await aTensorFlow();
const zone = new Zone(HOME_FIT.zone);
const options = { ...HOME_FIT, until: HOME_START + 42 * DAY };

const withRuns = async (seed: number): Promise<LeftOnModel> =>
  fit(home, { ...options, tails: await trainRuns(tf, runsOf(home, options), zone, { seed, rounds: 1 }) });

async function withRange(): Promise<LeftOnModel> {
  const lessons = lessonsOf(home, options);
  const network = await trainRange(tf, lessons, { seed: 1, rounds: 1 });
  return withNetwork(tf, fit(home, options), network, { seed: 1, lessons, measured: [] });
}

const [runs, range] = [await withRuns(1), await withRange()];
const thin = (): LeftOnModel => fit(aHome(3), HOME_FIT);
modelContract('left-on, run lengths by network', () => runs, thin);
modelContract('left-on, expected range by network', () => range, thin);

describe('run lengths by a network', () => {
  test('are the same for the same seed, and no limit is shorter than what the home has seen', async () => {
    assert.deepEqual(await withRuns(1), runs);
    assert.notDeepEqual((await withRuns(2)).left_on, runs.left_on);
    for (const { limitMin, longestMin } of runs.left_on?.watchers ?? [])
      for (const [hour, limit] of limitMin.entries()) assert.ok(limit > (longestMin[hour] ?? 0));
  });

  test('are learned from the longest run a day around each hour, 0 where none began', () => {
    const learned = runsOf(home, options);
    const { kinds, places, values } = runLessonsOf(learned, zone);
    assert.deepEqual(kinds, [learned.watchers.length, 24]);
    assert.equal(values.length, learned.watchers.length * 42 * 24);
    assert.equal(places.length, 2 * values.length);
    // the oven of each evening is no run of the night
    const watcher = learned.watchers.findIndex(({ kind, watts }) => kind === 'level' && watts > 1200);
    const of = (hour: number): Float64Array =>
      values.filter((_, row) => places[2 * row] === watcher && places[2 * row + 1] === hour);
    assert.ok(of(18).some((value) => value > 0) && of(2).every((value) => value === 0));
  });
});

const series = (watts: Float64Array): Series => ({
  ...{
    startAt: HOME_START,
    stepMs: 15 * MINUTE,
    watts,
    known: Uint8Array.from(watts, (power) => Number(!Number.isNaN(power))),
  },
});
/** Thirty days of the home in quarters of an hour. */
const quarters = Float64Array.from({ length: 30 * 96 }, (_, i) => home.watts[15 * i] ?? 0);
const sustained: readonly (readonly [string, () => Promise<Scorer>])[] = [
  ['a table', () => sustainedByHour(series(quarters), zone)],
  ['a network', () => trainSustained(tf, series(quarters), zone, { seed: 1, rounds: 1 })],
];
for (const [name, make] of sustained) {
  test(`the sustained level by ${name}: no look ahead, no score in a gap, more power is never less, and again the same`, async () => {
    const score = await make();
    const own = score(series(quarters));
    assert.deepEqual(score(series(quarters.slice(0, 500))), own.slice(0, 500));
    assert.deepEqual((await make())(series(quarters)), own);
    const gap = score(series(quarters.map((power, i) => (i === 400 ? NaN : power))));
    assert.ok(gap.subarray(400, 416).every(Number.isNaN) && !Number.isNaN(gap[420] ?? NaN));
    const more = score(series(quarters.map((power) => power + 500)));
    assert.ok(more.every((value, i) => Number.isNaN(value) || value > (own[i] ?? NaN)));
  });
}
