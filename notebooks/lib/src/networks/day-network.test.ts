import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, MINUTE, Zone } from '@lefton/core';
import { aHome } from '../../../../core/src/a-home.test-data.ts';
import { aTensorFlow } from './a-tensorflow.test-data.ts';
import { contestOf } from '../contest/contest.ts';
import { trainDays, usualDays } from './day-network.ts';
import { dayProfiles } from './day-profiles.ts';
import { dayTrial, dayTrialLines, unlikeDays } from './unlike-days.ts';

const tf = await aTensorFlow();
const zone = new Zone('Europe/Amsterdam');
const { at, watts } = aHome(60);
const series = { startAt: at[0] ?? 0, stepMs: MINUTE, watts, known: new Uint8Array(watts.length).fill(1) };
const days = dayProfiles(series, zone);

test('a day is known by its 24 hours, or not at all', () => {
  assert.equal(days.length, 60);
  assert.ok(days.every((day) => day.watts.length === 24 && day.watts.every((power) => power > 100)));
  const known = series.known.slice().fill(0, 10 * 1440 + 180, 10 * 1440 + 220);
  const fewer = dayProfiles({ ...series, known }, zone);
  assert.deepEqual(
    fewer.map((day) => day.at),
    days.map((day) => day.at).filter((_, i) => i !== 10),
  );
});

test('the day with a heater on through the night is the most unlike, for the network and for the medians', async () => {
  const odd = days.map((day, i) =>
    i === 33 ? { ...day, watts: day.watts.map((power, hour) => (hour < 6 ? power + 2000 : power)) } : day,
  );
  for (const unlike of [await trainDays(tf, days, 1, 100), usualDays(days)]) {
    const [first = ''] = unlikeDays(odd, unlike, (instant) => zone.format(instant));
    assert.match(first, /^2026-02-07: \d+ W/);
  }
});

test('the same seed gives the same network, another seed another one', async () => {
  const [one, again, other] = [
    await trainDays(tf, days, 1, 5),
    await trainDays(tf, days, 1, 5),
    await trainDays(tf, days, 2, 5),
  ];
  assert.deepEqual(one(days), again(days));
  assert.notDeepEqual(one(days), other(days));
});

test('both are measured on days that they have not learned', async () => {
  const quality = await dayTrial(tf, contestOf('home', series, zone, 1), 1);
  assert.deepEqual(
    quality.map(({ name }) => name),
    ['autoencoder', 'medians of each hour'],
  );
  for (const { found, falseDaysPer30 } of quality) assert.ok(found > 0.5 && falseDaysPer30 <= 30);
});

test('a short history is told to be too short, and nothing fails', async () => {
  const steps = (9 * DAY) / MINUTE;
  const short = { ...series, watts: series.watts.subarray(0, steps), known: series.known.subarray(0, steps) };
  const home = { place: 'home', series: short, zone, windows: [] };
  assert.deepEqual(await dayTrialLines(tf, home, 1), [
    'Not measured: 9 days are too few to hold weeks out of: it takes 56.',
  ]);
  assert.match(unlikeDays(days.slice(0, 9), usualDays(days), String).join(), /^9 whole days are too few/);
});
