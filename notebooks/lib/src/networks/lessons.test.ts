import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '@lefton/core';
import { lessonsOf } from './lessons.ts';

/** So many days of one value an hour until the instant. */
function nextSeason(days: number, until: string): number {
  const end = Date.parse(until);
  const at = Float64Array.from({ length: days * 24 }, (_, i) => end - (days * 24 - i) * HOUR);
  return lessonsOf({ at, watts: at.map(() => 100) }, { zone: 'UTC' }).nextSeason;
}

test('the range is made for the season to come, where the history has seen four weeks of it', () => {
  assert.equal(nextSeason(366, '2026-02-25T00:00:00Z'), 1);
  assert.equal(nextSeason(60, '2026-02-25T00:00:00Z'), 0);
  // the middle of the last four weeks is in February still
  assert.equal(nextSeason(60, '2026-03-10T00:00:00Z'), 0);
  assert.equal(nextSeason(60, '2026-03-30T00:00:00Z'), 1);
});

test('a history of two days is made for the season that it is of', () => {
  assert.equal(nextSeason(2, '2026-08-30T00:00:00Z'), 2);
});

test('an hour of which less than half is known is not learned', () => {
  const start = Date.UTC(2026, 0, 5);
  const minutes = Array.from({ length: (2 * DAY) / 60_000 }, (_, i) => start + i * 60_000);
  const at = Float64Array.from(
    minutes.filter((instant) => (instant - start) % DAY < 12 * HOUR + 10 * 60_000),
  );
  const lessons = lessonsOf({ at, watts: at.map(() => 100) }, { zone: 'UTC' });
  assert.equal(lessons.hours, 24);
  assert.ok(!lessons.bucket.includes(12));
});

test('what was left on is not learned, what was fine is', () => {
  const start = Date.UTC(2026, 0, 5);
  const at = Float64Array.from({ length: 10 * 24 }, (_, i) => start + i * HOUR);
  const hoursWith = (label: 'left_on' | 'fine'): number => {
    const windows = [{ from: start + DAY, to: start + 2 * DAY, label }];
    const alarmed = [{ from: start + 5 * DAY, to: start + 5 * DAY + 3 * HOUR }];
    return lessonsOf({ at, watts: at.map(() => 100) }, { zone: 'UTC', windows, alarmed }).hours;
  };
  assert.equal(hoursWith('fine'), 237);
  assert.equal(hoursWith('left_on'), 213);
});
