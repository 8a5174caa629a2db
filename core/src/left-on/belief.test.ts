import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../time.ts';
import type { Stretch } from '../time.ts';
import { Zone } from '../zone.ts';
import { doubtfulDays } from './belief.ts';

const UTC = new Zone('UTC');
const START = Date.UTC(2026, 0, 1);
const alarm = (day: number, hour: number, hours = 3): Stretch => ({
  from: START + day * DAY + hour * HOUR,
  to: START + day * DAY + (hour + hours) * HOUR,
});
const doubted = (alarmed: readonly Stretch[], days: number): Stretch[] =>
  doubtfulDays(alarmed, START + days * DAY, 1, UTC);

test('a few alarms are what the budget allows, and are learned', () => {
  assert.deepEqual(doubted([alarm(3, 4), alarm(40, 15), alarm(70, 22)], 90), []);
});

test('many alarms at all hours are doubted, with the days between them', () => {
  const alarmed = Array.from({ length: 20 }, (_, i) => alarm(30 + i * 2, (i * 7) % 21));
  assert.deepEqual(doubted(alarmed, 90), [{ from: START + 30 * DAY, to: START + 69 * DAY }]);
});

test('a habit that somebody has taken up is learned, however often it alarms', () => {
  const nightly = Array.from({ length: 30 }, (_, i) => alarm(30 + i, 1));
  assert.deepEqual(doubted(nightly, 60), []);
});
