import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aHome, HOME_FIT, HOME_START } from './a-home.test-data.ts';
import { backtest } from './evaluate/backtest.ts';
import { defaultPolicy } from './policy.ts';
import type { Policy } from './policy.ts';
import type { AnomalyEvent } from './event.ts';
import { fit } from './fit.ts';
import type { History } from './series/history.ts';
import { DAY, HOUR, MINUTE } from './time.ts';
import type { Stretch } from './time.ts';

/** Adds power to a home by day and minute of the day. */
function withLoad(days: number, load: (day: number, minute: number) => number): History {
  const { at, watts } = aHome(days);
  return { at, watts: watts.map((power, i) => power + load(Math.floor(i / 1440), i % 1440)) };
}

function told(
  history: History,
  fromDay: number,
  refit = false,
  policy: Policy = defaultPolicy,
): AnomalyEvent[] {
  const from = HOME_START + fromDay * DAY;
  return [
    ...backtest(history, fit(history, { ...HOME_FIT, until: from }), {
      meter: 'home',
      policy,
      from,
      ...(refit
        ? {
            refit: {
              everyMs: 7 * DAY,
              fit: (until: number, alarmed: readonly Stretch[]) =>
                fit(history, { ...HOME_FIT, until, alarmed }),
            },
          }
        : {}),
    }),
  ];
}

const openedOn = (events: readonly AnomalyEvent[]): number[] =>
  events.filter(({ type }) => type === 'opened').map(({ at }) => Math.floor((at - HOME_START) / DAY));

test('needs 2: what runs every summer day from 13:30 to 21:30 is normal after ten days', () => {
  const summer = (_: number, minute: number): number =>
    minute >= 13.5 * 60 && minute < 21.5 * 60 ? 1200 : 0;
  assert.deepEqual(openedOn(told(withLoad(15, summer), 10)), []);
});

test('needs 3: a tool that is on for an eighth of the time, the night and the next day through, is noticed', () => {
  const tool = (day: number, minute: number): number =>
    (day === 60 && minute >= 22 * 60) || (day === 61 && minute < 18 * 60) ? (minute % 4 === 0 ? 300 : 0) : 0;
  assert.ok(openedOn(told(withLoad(62, tool), 60)).length >= 1);
});

test('needs 4: a job of 2 kW at six every day alarms on no day after two weeks', () => {
  const job = (_: number, minute: number): number => (minute >= 360 && minute < 400 ? 2000 : 0);
  assert.deepEqual(openedOn(told(withLoad(21, job), 14)), []);
});

test('needs 9: a car that charges every night from day 60 on alerts at first and becomes normal', () => {
  const car = (day: number, minute: number): number => (day >= 60 && minute >= 60 && minute < 240 ? 7000 : 0);
  const nights = openedOn(told(withLoad(90, car), 58, true));
  assert.ok(nights.includes(60), nights.join());
  assert.ok(nights.filter((day) => day >= 75).length === 0, nights.join());
});

test('needs 14: while nobody is at home, a shorter run alerts', () => {
  const heater = (day: number, minute: number): number =>
    day === 61 && minute >= 600 && minute < 840 ? 600 : 0;
  const delay = (away: readonly Stretch[]): number => {
    const [first] = told(withLoad(62, heater), 60, false, { ...defaultPolicy, away });
    return first === undefined ? Infinity : first.at - (HOME_START + 61 * DAY + 600 * MINUTE);
  };
  const day = HOME_START + 61 * DAY;
  assert.ok(delay([{ from: day, to: day + DAY }]) < delay([]), `${delay([]) / HOUR} h`);
});

test('needs 19: the same habits before and after the clock change alert nobody', () => {
  // the made-up home lives by winter time; here it changes its clock with everybody else
  const { at, watts } = aHome(100);
  const change = Date.UTC(2026, 2, 29, 1);
  const summer = at.map((instant) => (instant >= change ? instant - HOUR : instant));
  const first = at.findIndex((instant) => instant >= change);
  const keep = (_: number, i: number): boolean => i < first || i >= first + 60;
  const history = { at: summer.filter(keep), watts: watts.filter(keep) };
  assert.deepEqual(openedOn(told(history, 80)), []);
});
