import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertLevels } from './alert-level.ts';

/** Days of made-up daily maxima, without chance. */
const days = (count: number, of: (day: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, day) => of(day));
const above = (daily: Float64Array, level: number): number => daily.filter((value) => value > level).length;

test('one view alerts on as many days of its history as the budget allows', () => {
  const daily = days(90, (day) => ((day * 37) % 90) / 10);
  for (const perMonth of [0.5, 1, 2, 4]) {
    const [level = NaN] = alertLevels([daily], perMonth);
    assert.ok(Math.abs(above(daily, level) - perMonth * 3) <= 1, `${perMonth}: ${above(daily, level)}`);
  }
});

test('several views share the budget, and none of them takes it all', () => {
  const [a, b] = [days(90, (day) => ((day * 37) % 90) / 10), days(90, (day) => ((day * 53) % 90) / 3)];
  const levels = alertLevels([a, b], 1);
  const alerts = new Set<number>();
  [a, b].forEach((view, i) => {
    view.forEach((value, day) => {
      if (value > (levels[i] ?? NaN)) alerts.add(day);
    });
  });
  assert.ok(alerts.size >= 2 && alerts.size <= 4, String(alerts.size));
  assert.ok(above(a, levels[0] ?? NaN) >= 1 && above(b, levels[1] ?? NaN) >= 1);
});

test('a larger budget never raises a level', () => {
  const views = [days(60, (day) => ((day * 17) % 60) / 10), days(60, () => -Infinity)];
  let last = alertLevels(views, 0.1);
  for (const perMonth of [0.3, 1, 3, 10]) {
    const levels = alertLevels(views, perMonth);
    levels.forEach((level, i) => {
      assert.ok(Number.isFinite(level) && level <= (last[i] ?? NaN) + 1e-9);
    });
    last = levels;
  }
});

test('with a short history and a small budget the level lies beyond the highest day', () => {
  const daily = days(10, (day) => day / 10);
  const [level = NaN] = alertLevels([daily], 1);
  assert.ok(level > 0.9);
});
