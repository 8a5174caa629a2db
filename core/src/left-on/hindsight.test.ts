import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../time.ts';
import { Zone } from '../zone.ts';
import { Hindsight } from './hindsight.ts';
import { HourlyTails } from './hourly-tails.ts';
import type { Run } from './history-runs.ts';

const zone = new Zone('UTC');
const at = (day: number, hour: number, minutes: number): Run => {
  const since = day * DAY + hour * HOUR;
  return { since, end: since + minutes * MINUTE, hour };
};

/** The hindsight of one watcher over minutes that are all known, from the first day on. */
function hindsight(
  days: number,
  runs: readonly Run[],
  known: (day: number) => boolean = () => true,
): Hindsight {
  const steps = {
    startAt: 0,
    stepMs: HOUR,
    watts: new Float64Array(days * 24),
    known: Uint8Array.from({ length: days * 24 }, (_, i) => (known(Math.floor(i / 24)) ? 1 : 0)),
  };
  return new Hindsight(steps, zone, [[0]], [runs], [new HourlyTails(runs)]);
}

test('a run is judged by the weeks before its own, not by itself nor by what came later', () => {
  const first = at(16, 3, 200);
  const again = at(30, 3, 210);
  const [alone] = hindsight(21, [first]).runs;
  const [early, late] = hindsight(60, [first, again]).runs;
  assert.deepEqual(early, alone);
  assert.equal(late, undefined, 'no longer than what was known by then');
  const { runs } = hindsight(60, [first, at(30, 3, 400)]);
  assert.equal(runs.length, 2);
  assert.ok((runs[1]?.rarity ?? NaN) < (runs[0]?.rarity ?? NaN), 'the second time it is less of a surprise');
});

test('the first week only teaches, and so does a day of which little is known', () => {
  const { weeks, daily, runs } = hindsight(20, [at(2, 3, 300)]);
  assert.deepEqual([weeks.length, daily[0]?.length, runs.length], [13, 13, 0]);
  assert.equal(hindsight(20, [], (day) => day !== 15).weeks.length, 12);
});

test('a run over midnight counts on each of its days with what it had come to by then', () => {
  const { daily } = hindsight(28, [at(20, 22, 240)]);
  const highest = Array.from(daily[0] ?? []);
  const [evening = NaN, night = NaN] = highest.filter((rarity) => rarity > -Infinity);
  assert.equal(highest.filter((rarity) => rarity > -Infinity).length, 2);
  assert.ok(evening < night);
});

test('a run is of the week of its day, also where the day is of another week than the instant', () => {
  const auckland = new Zone('Pacific/Auckland');
  // weeks turn at midnight in London, which is noon in Auckland
  const turn = 3 * 7 * DAY;
  const runs = [{ since: turn + HOUR, end: turn + 6 * HOUR, hour: 13 }];
  const steps = {
    startAt: 0,
    stepMs: HOUR,
    watts: new Float64Array(40 * 24),
    known: new Uint8Array(40 * 24).fill(1),
  };
  const {
    weeks,
    daily,
    runs: judged,
  } = new Hindsight(steps, auckland, [[0]], [runs], [new HourlyTails(runs)]);
  const place = daily[0]?.findIndex((rarity) => rarity > -Infinity) ?? -1;
  assert.equal(judged[0]?.week, weeks[place]);
});
