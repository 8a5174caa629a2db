import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aHome, HOME_FIT } from '../a-home.test-data.ts';
import { compileModel } from '../model/compiled.ts';
import { fit } from '../fit.ts';
import { DAY } from '../time.ts';
import { Trial } from './trial.ts';

const history = aHome(40);
const from = (history.at.at(-1) ?? 0) - 14 * DAY;
const model = compileModel(fit(history, { ...HOME_FIT, until: from }));

test('leaves appliances on at other times with each draw, over the same weeks', () => {
  const [one, four] = [1, 4].map((draws) => Trial.of(history, from, { draws }));
  assert.ok(one !== undefined && four !== undefined);
  assert.deepEqual(four.windows.slice(0, one.windows.length), one.windows);
  assert.ok(four.windows.length >= 4 * 10, `${four.windows.length} appliances`);
  assert.equal(new Set(four.windows.map((window) => window.from)).size, four.windows.length);
  assert.deepEqual(four.injected, one.injected);
});

test('a trial counts what is found over all draws, and false alarms once', () => {
  const [one, four] = [1, 4].map((draws) => Trial.of(history, from, { draws }).run(model));
  assert.ok(one !== undefined && four !== undefined);
  assert.deepEqual(four.delaysMs.slice(0, one.delaysMs.length), one.delaysMs);
  const found = four.delaysMs.filter((delay) => delay !== null).length;
  assert.equal(four.recall, found / four.delaysMs.length);
  assert.deepEqual([four.falseAlarms, four.covered], [one.falseAlarms, one.covered]);
});

test('a trial says which share of the readings was within the expected range, of the held-out weeks alone', () => {
  const held = Array.from(history.at, (at, i) => ({ at, power: history.watts[i] ?? NaN })).filter(
    ({ at }) => at >= from,
  );
  const inside = held.filter(({ at, power }) => {
    const range = model.expectedAt(at);
    return range.known && power >= range.low && power <= range.high;
  });
  const { covered } = Trial.of(history, from).run(model);
  assert.ok(covered !== null && covered > 0.5 && covered < 1);
  assert.ok(Math.abs(covered - inside.length / held.length) < 1e-3, `${covered}`);
  const learning = compileModel(fit(aHome(0), HOME_FIT));
  assert.equal(Trial.of(history, from).needless(learning).covered, null);
});

test('the false alarms of a trial are those of the weeks as they were alone', () => {
  const trial = Trial.of(history, from);
  const { falseAlarms, falseAlarmsPer30Days, covered } = trial.run(model);
  assert.deepEqual(trial.needless(model), { falseAlarms, falseAlarmsPer30Days, covered });
});
