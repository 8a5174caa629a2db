import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Notation } from './notation.ts';

test('the time of day is that of the local clock, also half an hour from UTC', () => {
  const units = { seconds: 's', minutes: 'min', hours: 'h', days: 'days' };
  const kolkata = new Notation('en', 'Asia/Kolkata', units);
  const at = Date.UTC(2026, 0, 5, 0, 45);
  assert.equal(kolkata.timeOfDay(at), 6.25);
  assert.equal(kolkata.hourOfWeek(at), 6);
});
