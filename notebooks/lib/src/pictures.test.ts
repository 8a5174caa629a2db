import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileModel, DAY, fit, HOUR, MINUTE } from '@lefton/core';
import type { CompiledModel, History } from '@lefton/core';
import { byHour, dayPicture, profilePicture, rangeByHour, scoreByHour } from './index.ts';

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
    profilePicture('By hour', { weekdays: line, never: byHour([]) }),
    /<path d="M[\d. ]+M[\d. ]+"/,
  );
  assert.doesNotMatch(profilePicture('By hour', {}), /NaN|Infinity/);
  assert.throws(() => byHour([1]), /must be \[hour, value\]/);
});
