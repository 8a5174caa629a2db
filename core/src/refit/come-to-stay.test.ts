import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aHome, HOME_FIT, HOME_START } from '../a-home.test-data.ts';
import { notLearned } from './come-to-stay.ts';
import { fit } from '../fit.ts';
import { DAY, HOUR } from '../time.ts';
import type { Stretch } from '../time.ts';
import type { Window } from '../series/window.ts';
import { Zone } from '../zone.ts';

const UTC = new Zone('UTC');
const START = Date.UTC(2026, 0, 1);
const found = (day: number, hour: number): Stretch => {
  const from = START + day * DAY + hour * HOUR;
  return { from, to: from + 3 * HOUR };
};
const left = (alarmed: readonly Stretch[], days: number): readonly Stretch[] =>
  notLearned({ alarmed }, START + days * DAY, UTC);

test('what was found once is not learned, however long ago', () => {
  assert.deepEqual(left([found(3, 4)], 300), [found(3, 4)]);
});

test('what was found at about the same time on another day is learned, two weeks after the first', () => {
  const twice = [found(3, 23), found(9, 1)];
  assert.deepEqual(left(twice, 16), twice);
  assert.deepEqual(left(twice, 18), []);
});

test('what comes at another time of the day has not come to stay', () => {
  const apart = [found(3, 4), found(9, 13)];
  assert.deepEqual(left(apart, 60), apart);
});

test('a season that is found nearly every day is learned, also while it lasts', () => {
  const daily = Array.from({ length: 30 }, (_, day) => found(day, (day * 7) % 24));
  assert.deepEqual(left(daily, 30), []);
});

test('what is found at the same time on four days of ten is a habit, and learned at once', () => {
  const nights = [found(3, 1), found(4, 1), found(6, 1), found(7, 1)];
  assert.deepEqual(left(nights, 8), []);
  assert.deepEqual(left(nights.slice(1), 8), nights.slice(1));
});

test('what people said of a stretch counts, not how often it was found', () => {
  const once = found(3, 4);
  assert.deepEqual(
    notLearned({ alarmed: [once], windows: [{ ...once, label: 'fine' }] }, START + 90 * DAY, UTC),
    [],
  );
});

test('what was found later than the moment that is asked for is not looked at', () => {
  assert.deepEqual(left([found(3, 4), found(40, 4)], 30), [found(3, 4)]);
});

test('two stretches of one night are one, whatever the date', () => {
  const night = [found(3, 22.5), found(4, 0.6)];
  assert.deepEqual(left(night, 60), night);
});

test('four days of ten are within ten days', () => {
  const nights = [0, 4, 9, 13].map((day) => found(day, 1));
  assert.deepEqual(left(nights, 14), nights);
});

test('what goes on for a week is how the home lives now, while it goes on', () => {
  const load = { from: START, to: Infinity };
  assert.deepEqual(left([load], 6), [load]);
  assert.deepEqual(left([load], 7), []);
});

test('what was left on is not learned, whatever else was found; being away frees nothing', () => {
  const nights = [3, 4, 5, 6, 20].map((day) => found(day, 1));
  const [first = found(3, 1), alone] = [nights[0], found(40, 12)];
  const say = (label: 'left_on' | 'away' | 'fine', stretch: Stretch): readonly Stretch[] =>
    notLearned({ alarmed: [...nights, alone], windows: [{ ...stretch, label }] }, START + 60 * DAY, UTC);
  assert.deepEqual(say('left_on', first), [alone], 'the window has it whole');
  assert.deepEqual(say('left_on', { from: first.from, to: first.from + HOUR }), [first, alone]);
  assert.deepEqual(say('away', { from: alone.from, to: alone.from + HOUR }), [alone]);
  assert.deepEqual(say('fine', alone), []);
});

test('what people say was left on is not learned for going on, and left out as long as it does', () => {
  const history = aHome(70);
  const since = HOME_START + 40 * DAY;
  const watts = history.watts.map((value, i) => value + ((history.at[i] ?? 0) >= since ? 1500 : 0));
  const base = (windows: readonly Window[]): number =>
    fit({ at: history.at, watts }, { ...HOME_FIT, alarmed: [{ from: since, to: Infinity }], windows }).left_on
      ?.baseW ?? NaN;
  assert.ok(base([]) > 1500, 'nobody said anything for a month');
  assert.ok(base([{ from: since, to: Infinity, label: 'left_on' }]) < 500);
});

test('what was fine is a reason to learn its like', () => {
  const [fine, other] = [found(3, 1), found(20, 2)];
  assert.deepEqual(left([other], 30), [other]);
  assert.deepEqual(
    notLearned({ alarmed: [other], windows: [{ ...fine, label: 'fine' }] }, START + 30 * DAY, UTC),
    [],
  );
});
