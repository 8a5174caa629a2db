import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardTable } from './card.ts';
import type { Standings } from './standings.ts';

/** Ten appliances in thirty days. */
const home = (name: string, stepMin: number, found: number, falseAlarms: number): Standings => ({
  ...{ home: name, stepMin, days: 30, accepted: 2 },
  standings: ['LeftOn', 'z-score over 30 min'].map((who) => ({
    name: who,
    evaluation: {
      ...{ windows: 10, found, recall: found / 10, recallWithinHour: 0, medianDelayMs: null },
      ...{ falseAlarms, cleanDays: 30, falseAlarmsPer30Days: falseAlarms, delaysMs: [] },
    },
  })),
});

test('the card has a row for each home, and one for all but the first, which is simulated', () => {
  assert.deepEqual(cardTable([home('sample', 1, 10, 0), home('one', 10, 7, 2), home('other', 60, 2, 1)]), [
    '| home | step | LeftOn | z-score 30 min |',
    '| --- | --- | --- | --- |',
    '| sample | 1 min | 1.00 / 0.0 | 1.00 / 0.0 |',
    '| one | 10 min | .70 / 2.0 | .70 / 2.0 |',
    '| other | 1 h | .20 / 1.0 | .20 / 1.0 |',
    '| **the 2 real ones** |  | .45 / 1.5 | .45 / 1.5 |',
  ]);
});
