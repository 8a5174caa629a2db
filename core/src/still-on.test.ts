import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aHome, HOME_FIT, HOME_START } from './a-home.test-data.ts';
import { backtest } from './evaluate/backtest.ts';
import { defaultPolicy } from './policy.ts';
import type { AnomalyEvent } from './event.ts';
import { fit } from './fit.ts';
import type { History } from './series/history.ts';
import { DAY, MINUTE } from './time.ts';

const DAYS = 70;

/** A home that draws a kilowatt more from five to ten on two evenings of three, by the minute of the history. */
function aBusyHome(more: (minute: number) => number): History {
  const { at, watts } = aHome(DAYS + 2);
  const power = watts.map((value, i) => {
    const [day, hour] = [Math.floor(i / 1440), Math.floor((i % 1440) / 60)];
    const evening = day < DAYS && day % 3 !== 0 && hour >= 17 && hour < 22 && i % 20 < 17 ? 1000 : 0;
    return day < DAYS ? value + evening : 130 + (i % 7) + more(i - DAYS * 1440);
  });
  return { at, watts: power };
}

/** What happens on the two days after the history, when nobody is at home. */
function told(more: (minute: number) => number): AnomalyEvent[] {
  const history = aBusyHome(more);
  const from = HOME_START + DAYS * DAY;
  const model = fit(history, { ...HOME_FIT, until: from });
  return [...backtest(history, model, { meter: 'home', policy: defaultPolicy, from })];
}

const between = (from: number, to: number) => (minute: number) => (minute >= from && minute < to ? 1000 : 0);
const minuteOf = (at: number | null | undefined): number => ((at ?? NaN) - HOME_START) / MINUTE - DAYS * 1440;
const ends = (events: readonly AnomalyEvent[]): AnomalyEvent[] =>
  events.filter(({ type }) => type === 'opened' || type === 'closed');

test('a heater is on until it is off, also through hours of which as much is usual', () => {
  const events = ends(told(between(9 * 60, 40 * 60)));
  assert.deepEqual(
    events.map(({ type }) => type),
    ['opened', 'closed'],
  );
  const [opened, closed] = events;
  assert.equal(minuteOf(opened?.since), 9 * 60);
  assert.ok(Math.abs(minuteOf(closed?.until) - 40 * 60) <= 15, String(minuteOf(closed?.until)));
});

test('switched off in hours of which as much is usual it is off', () => {
  const [opened, closed, more] = ends(told(between(9 * 60, 19 * 60)));
  assert.deepEqual([opened?.type, closed?.type, more], ['opened', 'closed', undefined]);
  assert.ok(Math.abs(minuteOf(closed?.until) - 19 * 60) <= 15, String(minuteOf(closed?.until)));
});

test('opened at hardly more than usual, it ends with what goes on, at the latest an hour after', () => {
  const events = ends(told(between(17 * 60, 40 * 60)));
  assert.deepEqual(
    events.map(({ type }) => type),
    ['opened', 'closed'],
  );
  const late = minuteOf(events[1]?.until) - 40 * 60;
  assert.ok(late >= 0 && late <= 60, String(late));
});

test('clouds over a roof that usually exports are not what was left on', () => {
  const noonOf = (i: number): boolean =>
    Math.floor((i % 1440) / 60) >= 10 && Math.floor((i % 1440) / 60) < 16;
  const { at, watts } = aHome(DAYS + 2);
  const power = watts.map((value, i) => {
    const cloudy = i >= DAYS * 1440;
    const heater = cloudy && i % 1440 >= 120 && i % 1440 < 615 && i < (DAYS + 1) * 1440 ? 1500 : 0;
    return (cloudy ? 130 + (i % 7) : value) + heater - (noonOf(i) ? (cloudy ? 300 : 2500) : 0);
  });
  const history = { at, watts: power };
  const from = HOME_START + DAYS * DAY;
  const model = fit(history, { ...HOME_FIT, until: from });
  const events = [...backtest(history, model, { meter: 'home', policy: defaultPolicy, from })];
  const [opened, closed] = ends(events);
  assert.equal(minuteOf(opened?.since), 120);
  const late = minuteOf(closed?.until) - 615;
  assert.ok(late >= 0 && late <= 60, String(late));
  assert.ok(events.every(({ type, watts: now }) => type !== 'still_on' || (now ?? 0) > 0));
});

test('what was on besides in the beginning does not make what is still on look off', () => {
  const cooking = (minute: number): number => (minute >= 9 * 60 && minute < 9 * 60 + 10 ? 6000 : 0);
  const events = ends(told((minute) => between(9 * 60, 15 * 60)(minute) + cooking(minute)));
  assert.deepEqual(
    events.map(({ type }) => type),
    ['opened', 'closed'],
  );
  assert.ok(Math.abs(minuteOf(events[1]?.until) - 15 * 60) <= 15, String(minuteOf(events[1]?.until)));
});

test('what is unusual for how long it lasts, and below what is usual, took nothing more than usual', () => {
  const events = told((minute) => (minute >= 17 * 60 && minute < 40 * 60 ? 700 : 0));
  assert.ok(events.length > 0);
  for (const { excessWh } of events) assert.ok(excessWh >= 0, String(excessWh));
});
