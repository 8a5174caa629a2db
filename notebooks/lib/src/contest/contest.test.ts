import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, MINUTE, Zone } from '@lefton/core';
import type { Series } from '@lefton/core';
import { aHome } from '../../../../core/src/a-home.test-data.ts';
import { contestOf } from './contest.ts';
import { contestants } from './contestants.ts';
import { sensitivity, sensitivityAnswer, sensitivityTable } from './sensitivity.ts';
import { sensitivityPicture } from '../pictures/sensitivity-picture.ts';
import { championSentence, overall, standingsOf, standingsTable } from './standings.ts';
import { standingsPicture } from '../pictures/standings-picture.ts';

const zone = new Zone('Europe/Amsterdam');

/** The made-up home in steps of five minutes. */
function aSeries(days: number): Series {
  const { at, watts } = aHome(days);
  const steps = (days * DAY) / (5 * MINUTE);
  const mean = Float64Array.from({ length: steps }, (_, i) => (watts[5 * i] ?? 0) + (i % 13));
  return { startAt: at[0] ?? 0, stepMs: 5 * MINUTE, watts: mean, known: new Uint8Array(steps).fill(1) };
}

test('a quarter of a history is held out, in whole weeks, and everybody learns anew every four', () => {
  const { trial, lessons } = contestOf('home', aSeries(140), zone, 1);
  assert.equal(trial.days, 35);
  assert.deepEqual(
    lessons.map(({ before, options }) => [
      before.watts.length / 288,
      ((options.until ?? 0) - before.startAt) / DAY,
    ]),
    [
      [105, 105],
      [133, 133],
    ],
  );
  assert.throws(() => contestOf('home', aSeries(50), zone, 1), /home: 50 days are too few .*: it takes 56/);
});

test('what people say was left on is no false alarm, and nothing is added to it', () => {
  const series = aSeries(60);
  const from = series.startAt + 50 * DAY;
  const window = { from, to: from + 6 * 3_600_000, label: 'left_on' } as const;
  const first = Math.round((50 * DAY) / series.stepMs);
  const watts = series.watts.map((power, i) => (i >= first && i < first + 72 ? power + 2000 : power));
  const { trial } = contestOf('home', { ...series, watts }, zone, 1, [window]);
  assert.ok(
    trial.windows.length > 5 &&
      trial.windows.every(({ from: begins, to }) => to <= from || begins >= window.to),
  );
  const on = new Uint8Array(watts.length).fill(1, first, first + 72);
  assert.equal(trial.judge(on, on).falseAlarms, 0);
});

test('nobody looks ahead: what was told until a moment is the same with another future', async () => {
  const series = aSeries(120);
  const contest = contestOf('home', series, zone, 1);
  // in the middle of what the second lesson does not know yet
  const moment = contest.trial.cut + 20 * 288;
  const watts = series.watts.map((power, i) => (i < moment ? power : power + ((i * 7) % 3000)));
  const other = contestOf('home', { ...series, watts }, zone, 1);
  for (const { name, enter } of contestants) {
    const [own, another] = [await enter(contest), await enter(other)];
    assert.deepEqual(another.clean.subarray(0, moment), own.clean.subarray(0, moment), name);
  }
});

test('everybody stands somewhere, the champion is said in a sentence, and the pictures have no holes', async () => {
  const standings = await standingsOf(contestOf('home', aSeries(60), zone, 1), contestants);
  assert.deepEqual(
    standings.standings.map(({ name }) => name),
    contestants.map(({ name }) => name),
  );
  assert.equal(standingsTable(standings).length, 2 + contestants.length);
  assert.match(championSentence([standings]), /^Champion in home: .+, which finds [01]\.\d\d with \d\.\d /);
  const svg = standingsPicture('Everybody', [standings, standings]);
  assert.equal(svg.match(/<circle/g)?.length, 2 * contestants.length);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  assert.equal(overall([standings, standings])[0]?.recall, overall([standings])[0]?.recall);
});

test('a larger budget never finds less, and the own one is marked and told', async () => {
  const points = await sensitivity(contestOf('home', aSeries(60), zone, 3), 3);
  assert.deepEqual(
    points.map(({ perMonth }) => perMonth),
    [0.25, 0.5, 1, 2, 3, 4, 8],
  );
  const recalls = points.map(({ evaluation }) => evaluation.recall ?? 0);
  assert.deepEqual(
    recalls.toSorted((a, b) => a - b),
    recalls,
  );
  assert.equal(sensitivityTable(points).length, 1 + points.length);
  const answer = sensitivityAnswer(points, 3);
  assert.match(answer[0] ?? '', /^A budget of 3 in 30 days finds \d+ %/);
  assert.match(answer[1] ?? '', /^A budget of 4 /);
  assert.equal(answer.at(-1), 'To keep yours: lefton fit --false-alarms-per-month 3.');
  const svg = sensitivityPicture('Budgets', points, 3);
  assert.equal(svg.match(/r="6"/g)?.length, 3);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
});
