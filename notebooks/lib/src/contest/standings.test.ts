import assert from 'node:assert/strict';
import { test } from 'node:test';
import { championOf } from './standings.ts';
import type { Overall } from './standings.ts';

const one = (name: string, recall: number, falseAlarmsPer30Days: number, withinBudget: boolean): Overall => ({
  ...{ name, recall, recallWithinHour: recall / 2, falseAlarmsPer30Days, withinBudget },
});

test('the champion finds most of those that keep the budget, however much the others find', () => {
  const all = [one('loud', 0.9, 9, false), one('good', 0.7, 1, true), one('quiet', 0.2, 0, true)];
  assert.equal(championOf(all).name, 'good');
});

test('where nobody keeps the budget, the champion is the one with the fewest false alarms', () => {
  assert.equal(championOf([one('loud', 0.9, 9, false), one('less loud', 0.5, 5, false)]).name, 'less loud');
  assert.throws(() => championOf([]), /nobody was entered/);
});
