import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileModel } from './model/compiled.ts';
import { fit } from './fit.ts';
import type { FitOptions } from './fit.ts';
import type { History } from './series/history.ts';
import { parseModel } from './model/model-file.ts';
import { DAY, HOUR, MINUTE, SECOND } from './time.ts';
import { aHome } from './a-home.test-data.ts';

const options: FitOptions = {
  zone: 'Europe/Amsterdam',
  meter: 'home',
  falseAlarmsPerMonth: 1,
  fittedOn: 'a made-up home',
  sha256: null,
  software: 'test',
};

test('a fitted model survives its file, and the same history gives the same model', () => {
  const model = fit(aHome(30), options);
  assert.deepEqual(parseModel(JSON.parse(JSON.stringify(model))), model);
  assert.deepEqual(fit(aHome(30), options), model);
});

test('needs 12: with 0, 3 and 30 days of history the model says that it is learning, and later that it is ready', () => {
  const empty: History = { at: new Float64Array(0), watts: new Float64Array(0) };
  for (const [history, mode] of [
    [empty, 'learning'],
    [aHome(3), 'learning'],
    [aHome(30), 'learning'],
    [aHome(60), 'ready'],
  ] as const) {
    const model = fit(history, options);
    assert.equal(model.mode, mode);
    assert.doesNotThrow(() => compileModel(parseModel(JSON.parse(JSON.stringify(model)))));
    if (model.left_on === null) assert.match(model.why ?? '', /\w/);
  }
});

test('what a single reading was learned of begins and ends with it', () => {
  const one: History = { at: Float64Array.of(30 * DAY), watts: Float64Array.of(300) };
  const { provenance } = fit(one, options);
  assert.deepEqual([provenance.from, provenance.until], ['1970-01-31T00:00:00Z', '1970-01-31T00:00:00Z']);
});

test('of one reading a day the model says that it cannot decide, however many days there are', () => {
  const at = Float64Array.from({ length: 300 }, (_, day) => day * DAY);
  const model = fit({ at, watts: at.map((_, day) => 300 + (day % 7) * 40) }, options);
  assert.equal(model.left_on, null);
  assert.equal(model.why, 'a reading every 24 hours; one in an hour or more often is needed');
  assert.doesNotThrow(() => compileModel(parseModel(JSON.parse(JSON.stringify(model)))));
});

test('of a reading every two hours, some seconds early or late, the model decides', () => {
  const at = Float64Array.from({ length: 12 * 60 }, (_, i) => i * 2 * HOUR + ((i * 4) % 11) * SECOND);
  const model = fit({ at, watts: at.map((_, i) => 300 + (i % 12) * 40) }, options);
  assert.equal(model.why, null);
  assert.notEqual(model.left_on, null);
});

test('nothing after until is learned', () => {
  const history = aHome(40);
  const until = (history.at[0] ?? 0) + 30 * DAY;
  const whole = fit(history, { ...options, until });
  const cut = history.at.findIndex((at) => at >= until);
  const part = fit({ at: history.at.subarray(0, cut), watts: history.watts.subarray(0, cut) }, options);
  assert.deepEqual(whole, part);
});

test('needs 10: ten days away are not learned where they are labelled', () => {
  const history = aHome(40);
  const start = history.at[0] ?? 0;
  const away = { from: start + 20 * DAY, to: start + 30 * DAY };
  const flat = history.watts.map((power, i) => {
    const at = history.at[i] ?? 0;
    return at >= away.from && at < away.to ? 110 + (i % 7) / 10 : power;
  });
  const labelled = fit(
    { at: history.at, watts: flat },
    { ...options, windows: [{ ...away, label: 'away' }] },
  );
  const unlabelled = fit({ at: history.at, watts: flat }, options);
  const evening = 3 * 24 + 19;
  assert.ok((labelled.expected.usual[evening] ?? 0) >= (unlabelled.expected.usual[evening] ?? 0));
});

test('a frozen stretch is a gap, not a habit', () => {
  const history = aHome(30);
  const from = 20 * 1440;
  const frozen = {
    at: history.at,
    watts: history.watts.map((power, i) => (i >= from && i < from + 1440 ? 5000 : power)),
  };
  const model = fit(frozen, options);
  assert.equal(model.cadence.frozen_s, 15 * 60);
  assert.equal(Math.round(model.provenance.days), 29);
  assert.ok(Math.max(...model.expected.high.map((watts) => watts ?? 0)) < 4500);
});

test('the steps follow the meter', () => {
  const { at, watts } = aHome(30);
  const everyTen = { at: at.filter((_, i) => i % 10 === 0), watts: watts.filter((_, i) => i % 10 === 0) };
  assert.deepEqual(fit(everyTen, options).cadence, {
    step_s: 600,
    hold_s: 1800,
    reading_per_step: true,
    frozen_s: null,
  });
  assert.equal(fit({ at, watts }, options).cadence.hold_s, (10 * MINUTE) / 1000);
});
