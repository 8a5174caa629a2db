import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../time.ts';
import { alertLevels } from './alert-level.ts';
import type { Judged } from './hindsight.ts';

/** One run a day in each view, without chance; a view is the rarity of each day's run. */
function judged(...views: readonly Float64Array[]): Judged {
  const days = views[0]?.length ?? 0;
  const weekOf = (day: number): number => Math.floor(day / 7);
  return {
    weeks: Array.from({ length: days }, (_, day) => weekOf(day)),
    daily: views,
    runs: views.flatMap((daily, view) =>
      Array.from(daily, (rarity, day) => {
        const from = day * DAY + 6 * HOUR * view;
        return { view, from, end: from + HOUR, week: weekOf(day), rarity };
      }).filter(({ rarity }) => rarity > -Infinity),
    ),
  };
}
const days = (count: number, of: (day: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, day) => of(day));
const above = (daily: Float64Array, level: number): number => daily.filter((value) => value > level).length;

test('one view alerts on its history as often as the budget allows, and two fifths more', () => {
  const daily = days(180, (day) => ((day * 37) % 180) / 10);
  for (const perMonth of [0.5, 1, 2, 4]) {
    const [level = NaN] = alertLevels(judged(daily), perMonth);
    const alerts = above(daily, level);
    assert.ok(Math.abs(alerts - 1.4 * perMonth * 6) <= 2, `${perMonth}: ${alerts}`);
  }
});

test('several views share the budget, and none of them takes it all', () => {
  const views = [
    days(180, (day) => ((day * 37) % 180) / 10),
    days(180, (day) => ((day * 53 + 5) % 180) / 3),
  ] as const;
  const levels = alertLevels(judged(...views), 1);
  const [a, b] = [above(views[0], levels[0] ?? NaN), above(views[1], levels[1] ?? NaN)];
  assert.ok(a + b >= 5 && a + b <= 10, `${a} and ${b}`);
  assert.ok(a >= 2 && b >= 2, `${a} and ${b}`);
});

test('a view with a handicap leaves more of the budget to others', () => {
  const view = days(180, (day) => ((day * 37) % 180) / 10);
  const other = days(180, (day) => ((day * 53 + 5) % 180) / 10);
  const [even, handicapped] = [[], [0, 1]].map((handicaps) => alertLevels(judged(view, other), 1, handicaps));
  assert.ok((handicapped?.[0] ?? NaN) < (even?.[0] ?? NaN));
  assert.ok((handicapped?.[1] ?? NaN) > (even?.[1] ?? NaN));
});

test('alarms of several views within an hour are one', () => {
  const view = days(180, (day) => ((day * 37) % 180) / 10);
  const { weeks, daily, runs } = judged(view, view);
  const together = runs.map((run) => ({ ...run, from: run.from - 6 * HOUR * run.view }));
  const apart = alertLevels({ weeks, daily, runs }, 1);
  const joined = alertLevels({ weeks, daily, runs: together }, 1);
  assert.ok((joined[0] ?? NaN) < (apart[0] ?? NaN));
  assert.deepEqual(joined[0], alertLevels(judged(view), 1)[0]);
});

test('a larger budget never raises a level', () => {
  const views = judged(
    days(60, (day) => ((day * 17) % 60) / 10),
    days(60, () => -Infinity),
  );
  let last = alertLevels(views, 0.1);
  for (const perMonth of [0.3, 1, 3, 10]) {
    const levels = alertLevels(views, perMonth);
    levels.forEach((level, i) => {
      assert.ok(Number.isFinite(level) && level <= (last[i] ?? NaN) + 1e-9);
    });
    last = levels;
  }
});

test('with a short history the level lies beyond its highest day, and not below what other homes have', () => {
  const [level = NaN] = alertLevels(judged(days(10, (day) => day / 10)), 1);
  assert.ok(level > 4 && level <= 5, String(level));
  assert.deepEqual(alertLevels(judged(days(0, () => 0)), 1), [5]);
  const [wild = NaN] = alertLevels(judged(days(10, (day) => day)), 1);
  assert.ok(wild > 9, String(wild));
});
