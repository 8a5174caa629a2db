import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileModel, DAY, fit, HOUR, MINUTE, SECOND, Zone } from '@lefton/core';
import type { CompiledModel, History } from '@lefton/core';
import { byHour, dayPicture, profilePicture, rangeByHour, scoreByHour } from '../index.ts';

const FROM = Date.UTC(2026, 0, 5);

/** 200 W, at six in the evening between 200 W and 2 kW. */
function aHistory(days: number): History {
  const at = Float64Array.from({ length: (days * DAY) / MINUTE }, (_, i) => FROM + i * MINUTE);
  const watts = at.map((instant, i) =>
    new Date(instant).getUTCHours() === 18 && i % 2 === 0 ? 2000 : 200 + (i % 7),
  );
  return { at, watts };
}

const aModel = (history: History): CompiledModel =>
  compileModel(
    fit(history, {
      zone: 'UTC',
      meter: null,
      falseAlarmsPerMonth: 1,
      fittedOn: 'test',
      sha256: null,
      software: 'test',
    }),
  );

const zone = new Zone('UTC');
const history = aHistory(10);
const model = aModel(history);
const thin = aModel({ at: new Float64Array(), watts: new Float64Array() });

test('the expected range is green inside and red outside, for each hour that is known', () => {
  const svg = rangeByHour('At home', model);
  assert.equal(svg.match(/#bfe3c6/g)?.length, 24);
  assert.equal(svg.match(/#f6d5d3/g)?.length, 1);
  assert.match(rangeByHour('At home', thin), /too little history/);
  assert.doesNotMatch(rangeByHour('At home', thin), /#f6d5d3|NaN|Infinity/);
});

test('the line of the score stands at the high end of the range', () => {
  const svg = scoreByHour('At home', model);
  assert.match(svg, />1\.0</);
  assert.doesNotMatch(svg, /NaN|Infinity/);
  assert.doesNotMatch(scoreByHour('At home', thin), /NaN|Infinity|>1\.0</);
});

test('a day is green, red while something unusual lasts, and empty where nothing was read', () => {
  const since = FROM + 18 * HOUR;
  const unusual = { since, until: since + HOUR, toldAt: since + HOUR / 2, text: 'a kettle & a heater' };
  const svg = dayPicture('Monday', history, model, FROM, unusual);
  assert.match(svg, /a kettle &amp; a heater/);
  assert.equal(svg.match(/<path d="M[^"]+" fill="none" stroke="#c1272d"/g)?.length, 1);
  assert.doesNotMatch(
    dayPicture('Later', history, model, FROM + 40 * DAY, undefined),
    /NaN|Infinity|<path d="M[^"]+" fill="none"/,
  );
});

/** The points of the lines of a picture, green and red, in order of their lines. */
const lines = (svg: string): [number, number][][] =>
  [...svg.matchAll(/<path d="([^"]*)" fill="none"/g)].map(([, line = '']) =>
    [...line.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]),
  );

test('where nothing was read nothing is drawn, and a reading holds until the next one', () => {
  const outage = { from: FROM + 6 * HOUR, to: FROM + 12 * HOUR };
  const kept = history.at
    .map((at, i) => (at < outage.from || at >= outage.to ? i : NaN))
    .filter((i) => i >= 0);
  const part = {
    at: kept.map((i) => history.at[i] ?? NaN),
    watts: kept.map((i) => history.watts[i] ?? NaN),
  };
  const svg = dayPicture('Monday', part, model, FROM, undefined);
  assert.match(svg, /local time, UTC/);
  const [, later = ''] = /<path d="M[^"M]+M([^"M]+)" fill="none"/.exec(svg) ?? [];
  assert.ok(
    Number(later.split(' ')[0]) >= 68 + (904 - 68) / 2,
    'the line goes on where readings do, at noon',
  );
  const hourly = { at: [0, 1, 2].map((hour) => FROM + hour * HOUR), watts: [100, 900, 100] };
  const steps = dayPicture(
    'Hours',
    { at: Float64Array.from(hourly.at), watts: Float64Array.from(hourly.watts) },
    model,
    FROM,
    undefined,
  );
  const [first = []] = lines(steps);
  assert.deepEqual(
    first.slice(1).map(([x, y], i) => x === first[i]?.[0] || y === first[i]?.[1]),
    first.slice(1).map(() => true),
  );
});

test('what goes on into other days is shown with them, and with when it was told', () => {
  const since = FROM + 22 * HOUR;
  const unusual = { since, until: since + 30 * HOUR, toldAt: since + 9 * HOUR, text: 'a heater' };
  const svg = dayPicture('Two nights', history, model, FROM, unusual);
  for (const date of ['2026-01-05', '2026-01-06', '2026-01-07']) assert.ok(svg.includes(`>${date}<`), date);
  assert.match(svg, /stroke-dasharray/);
  assert.doesNotMatch(dayPicture('Weeks', history, model, FROM, { ...unusual, until: null }), />2026-01-12</);
});

test('a day of readings that come every second is drawn in the points that a picture can show', () => {
  const at = Float64Array.from({ length: DAY / SECOND }, (_, i) => FROM + i * SECOND);
  const watts = at.map((_, i) => (i === 40_000 ? 9000 : 200 + (i % 90)));
  const svg = dayPicture('Seconds', { at, watts }, model, FROM, undefined);
  assert.ok(svg.length < 100_000);
  const heights = lines(svg).flatMap((line) => line.map(([, y]) => y));
  assert.equal(Math.min(...heights), 64, 'the one second of 9 kW is there');
});

test('the labels of the powers are whole, also those of a quarter of a kilowatt', () => {
  const svg = profilePicture('By hour', zone, { all: Array.from({ length: 24 }, () => 1200) });
  const [, x] = /x="([\d.]+)"[^>]*>1\.25 kW</.exec(svg) ?? [];
  // seven letters of 13 px, most of them 8 px wide
  assert.ok(Number(x) >= 56);
});

test('a home that exports has a plot below zero, and nothing stands outside of it', () => {
  const exporting = aModel({ at: history.at, watts: history.watts.map((watts) => watts - 1500) });
  for (const svg of [rangeByHour('Sun', exporting), scoreByHour('Sun', exporting)]) {
    assert.match(svg, />-1 kW</);
    assert.doesNotMatch(svg, /="-|NaN|Infinity/);
  }
});

test('a profile lifts the pen where an hour is missing', () => {
  const line = byHour([
    [3, 100],
    [1, 50],
  ]);
  assert.deepEqual(line.slice(0, 5), [NaN, 50, NaN, 100, NaN]);
  assert.match(
    profilePicture('By hour', zone, { weekdays: line, never: byHour([]) }),
    /<path d="M[\d. ]+M[\d. ]+"/,
  );
  assert.doesNotMatch(profilePicture('By hour', zone, {}), /NaN|Infinity/);
  assert.throws(() => byHour([1]), /must be \[hour, value\]/);
});
