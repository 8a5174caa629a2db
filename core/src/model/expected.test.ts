import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitExpected } from './expected.ts';
import type { Series } from '../series/series.ts';
import { DAY, HOUR } from '../time.ts';
import { Zone } from '../zone.ts';

const UTC = new Zone('UTC');
/** Monday 2026-01-05. */
const MONDAY = Date.UTC(2026, 0, 5);
const NO_HOLIDAYS = new Set<number>();

/** Ten-minute steps of `days` days. */
function home(
  days: number,
  power: (day: number, hour: number, step: number) => number,
  startAt = MONDAY,
): Series {
  const watts = Float64Array.from({ length: days * 144 }, (_, i) =>
    power(Math.floor(i / 144), Math.floor(i / 6) % 24, i % 6),
  );
  return { startAt, stepMs: HOUR / 6, watts, known: new Uint8Array(watts.length).fill(1) };
}

test('each hour of the week has its own low, usual and high', () => {
  const range = fitExpected(
    home(56, (day, hour) => (day % 7 < 5 && hour === 9 ? 1500 : 200)),
    UTC,
    NO_HOLIDAYS,
  );
  assert.ok((range.usual[9] ?? 0) > 1000 && (range.high[9] ?? 0) > 1200);
  assert.ok((range.usual[5 * 24 + 9] ?? 0) < 800);
  assert.equal(range.usual[4], 200);
});

test('a home that never changes has a range of 100 W all the same', () => {
  const range = fitExpected(
    home(30, () => 50),
    UTC,
    NO_HOLIDAYS,
  );
  assert.deepEqual([new Set(range.low), new Set(range.high)], [new Set([50]), new Set([150])]);
});

test('needs 6: two old bursts do not hide a surge', () => {
  const range = fitExpected(
    home(30, (day, hour) => (hour === 4 && day % 15 === 3 ? 12_000 : 64)),
    UTC,
    NO_HOLIDAYS,
  );
  for (let day = 0; day < 7; day++) {
    const bucket = day * 24 + 4;
    const score =
      (1682 - (range.low[bucket] ?? NaN)) / ((range.high[bucket] ?? NaN) - (range.low[bucket] ?? NaN));
    assert.ok(score > 1, `weekday ${day}: ${score}`);
  }
});

test('needs 13: with nine days a weekday leans on the same hour of all days', () => {
  const range = fitExpected(
    home(9, (_, hour) => (hour === 7 ? 2000 : 100)),
    UTC,
    NO_HOLIDAYS,
  );
  for (let day = 0; day < 7; day++) assert.ok((range.usual[day * 24 + 7] ?? 0) > 800);
});

test('needs 15: one day more moves a bucket a little, it does not switch', () => {
  const saturdays = (days: number): number =>
    fitExpected(
      home(days, (day) => (day % 7 === 5 ? 1000 : 200)),
      UTC,
      NO_HOLIDAYS,
    ).usual[5 * 24] ?? NaN;
  const grown = [6, 13, 20, 27, 34].map(saturdays);
  grown.slice(1).forEach((value, i) => {
    assert.ok(value >= (grown[i] ?? NaN) && value - (grown[i] ?? NaN) < 250, grown.join(' '));
  });
});

test('needs 11: a public holiday counts as a Sunday', () => {
  const thursday = Date.UTC(2025, 11, 25);
  const start = thursday - 24 * DAY;
  const sundayLunch = (day: number): boolean =>
    day === 24 || day === 31 || new Date(start + day * DAY).getUTCDay() === 0;
  const power = (day: number, hour: number): number => (sundayLunch(day) && hour === 11 ? 2500 : 200);
  const thursdays = (holidays: ReadonlySet<number>): number =>
    fitExpected(home(32, power, start), UTC, holidays).high[3 * 24 + 11] ?? NaN;
  assert.ok(thursdays(new Set([thursday / DAY, thursday / DAY + 7])) < thursdays(NO_HOLIDAYS));
});

test('less than a day of history says nothing, rather than zero', () => {
  const range = fitExpected(
    home(1, () => 200),
    UTC,
    NO_HOLIDAYS,
  );
  assert.equal(range.usual[0], 200);
  const thin = home(1, () => 200);
  thin.known.fill(0, 60);
  assert.equal(fitExpected(thin, UTC, NO_HOLIDAYS).usual[0], null);
});

test('local hours are right in the days when the clock changes', () => {
  const paris = new Zone('Europe/Paris');
  const start = Date.UTC(2026, 2, 1, 23);
  const local = (i: number): number => paris.hour(start + (i * HOUR) / 6);
  const watts = Float64Array.from({ length: 60 * 144 }, (_, i) => (local(i) === 7 ? 2000 : 100));
  const range = fitExpected(
    { startAt: start, stepMs: HOUR / 6, watts, known: new Uint8Array(watts.length).fill(1) },
    paris,
    NO_HOLIDAYS,
  );
  for (let day = 0; day < 7; day++) {
    assert.ok((range.usual[day * 24 + 7] ?? 0) > 1900);
    assert.equal(range.usual[day * 24 + 6], 100);
    assert.equal(range.usual[day * 24 + 8], 100);
  }
});
