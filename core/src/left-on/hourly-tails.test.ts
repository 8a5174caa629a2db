import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY, HOUR, MINUTE } from '../time.ts';
import type { Run } from './history-runs.ts';
import { HourlyTails, weekOf } from './hourly-tails.ts';
import { tailOf } from './tail.ts';

const run = (day: number, hour: number, minutes: number): Run => {
  const since = day * DAY + hour * HOUR;
  return { since, end: since + minutes * MINUTE, hour };
};

test('runs that began within three hours of each other are compared, also across midnight', () => {
  const tails = new HourlyTails([run(1, 23, 90)]);
  const heard = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => tails.at(hour).count > 0);
  assert.deepEqual(heard, [0, 1, 2, 20, 21, 22, 23]);
});

test('what was known before a week is what came before it, in weeks without runs too', () => {
  const tails = new HourlyTails([run(1, 12, 30), run(22, 12, 60), run(50, 12, 300)]);
  const longest = (day: number): number => tails.before(12, day * DAY).longest / MINUTE;
  assert.deepEqual([1, 22, 30, 36, 50, 80].map(longest), [0, 30, 60, 60, 60, 300]);
  assert.equal(tails.at(12).longest, 300 * MINUTE);
});

test('it is what a plain reading of the rules gives, whatever the runs', () => {
  const some = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.nat({ max: 23 }), fc.integer({ min: 1, max: 400 })), {
      maxLength: 40,
    })
    .map((list) => list.map((each) => run(...each)).sort((a, b) => a.since - b.since));
  fc.assert(
    fc.property(some, fc.nat({ max: 23 }), fc.nat({ max: 70 }), (runs, hour, day) => {
      const near = (other: number): boolean =>
        Math.min(Math.abs(other - hour), 24 - Math.abs(other - hour)) <= 3;
      const tail = (among: readonly Run[]): unknown =>
        tailOf(
          among
            .filter((each) => near(each.hour))
            .map(({ since, end }) => end - since)
            .sort((a, b) => b - a),
        );
      const tails = new HourlyTails(runs);
      assert.deepEqual(tails.at(hour), tail(runs));
      const earlier = runs.filter(({ since }) => weekOf(since) < weekOf(day * DAY));
      assert.deepEqual(tails.before(hour, day * DAY), tail(earlier));
    }),
  );
});
