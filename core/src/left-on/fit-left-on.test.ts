import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aHome } from '../a-home.test-data.ts';
import { Decoder } from '../model/decode.ts';
import { toSeries } from '../series/series.ts';
import { DAY, MINUTE } from '../time.ts';
import { Zone } from '../zone.ts';
import { fitLeftOn } from './fit-left-on.ts';
import type { FitOutcome } from './fit-left-on.ts';
import { parseLeftOn } from './parameters.ts';
import type { LeftOnParameters } from './parameters.ts';

const zone = new Zone('Europe/Amsterdam');

function fitted(
  days: number,
  perMonth: number,
  excluded: readonly { from: number; to: number }[] = [],
): FitOutcome {
  const { at, watts } = aHome(days);
  const series = toSeries(at, watts, { stepMs: MINUTE, holdMs: 10 * MINUTE, readingPerStep: true });
  return fitLeftOn({ ...series, zone, falseAlarmsPerMonth: perMonth, excluded });
}

function parameters(days: number, perMonth = 1): LeftOnParameters {
  const outcome = fitted(days, perMonth);
  assert.equal(outcome.kind, 'fitted');
  return outcome.parameters;
}

test('less than a week of history decides nothing and says so', () => {
  const outcome = fitted(5, 1);
  assert.equal(outcome.kind, 'unknown');
  assert.match(outcome.why, /5\.0 days of readings; the first 7 days are for learning/);
});

test('the parameters survive their JSON, and others are refused by name of the place', () => {
  const own = parameters(30);
  const json: unknown = JSON.parse(JSON.stringify(own));
  assert.deepEqual(parseLeftOn(new Decoder(json, 'left_on')), own);
  assert.ok(JSON.stringify(own).length < 100_000);
  const fewer = { ...own, watchers: own.watchers.slice(1) };
  assert.throws(() => parseLeftOn(new Decoder(fewer, 'left_on')), /left_on\.watchers\[0\]/);
});

test('the parameters of another version are refused with what to do', () => {
  const own = parameters(30);
  const [first] = own.watchers;
  const older = [
    { ...own, watchers: own.watchers.map((watcher) => ({ ...watcher, kind: 'edge' })) },
    { ...own, watchers: own.watchers.slice(0, 20) },
    { ...own, watchers: [...own.watchers, first] },
  ];
  for (const each of older)
    assert.throws(
      () => parseLeftOn(new Decoder(each, 'left_on')),
      /left_on\.watchers.*fitted anew: lefton fit/,
    );
});

test('a larger budget never makes a limit longer', () => {
  const [strict, lax] = [parameters(40, 0.5), parameters(40, 4)];
  strict.watchers.forEach(({ limitMin }, i) => {
    limitMin.forEach((limit, hour) => {
      assert.ok((lax.watchers[i]?.limitMin[hour] ?? Infinity) <= limit);
    });
  });
});

test('no limit is shorter than what the home has seen around that hour', () => {
  for (const { limitMin, longestMin } of parameters(40).watchers) {
    limitMin.forEach((limit, hour) => {
      assert.ok(limit > (longestMin[hour] ?? 0));
    });
  }
});

test('days that are not to be learned leave no trace', () => {
  const start = aHome(1).at[0] ?? 0;
  const week = { from: start + 33 * DAY, to: start + 40 * DAY };
  const without = fitted(40, 1, [week]);
  const shorter = fitted(33, 1);
  assert.ok(without.kind === 'fitted' && shorter.kind === 'fitted');
  const limits = ({ watchers }: LeftOnParameters): unknown => watchers.map(({ limitMin }) => limitMin);
  assert.equal(Math.round(without.days), 33);
  assert.equal(JSON.stringify(limits(without.parameters)).length > 0, true);
  assert.deepEqual(
    without.parameters.watchers.map(({ longestMin }) => longestMin),
    shorter.parameters.watchers.map(({ longestMin }) => longestMin),
  );
});
