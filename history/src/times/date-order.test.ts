import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveDates } from './date-order.ts';
import { TimeText } from './time-text.ts';

function packed(dates: readonly string[]): Float64Array {
  const text = new TimeText('undecided');
  return Float64Array.from(dates, (date) => text.read(date));
}
const isDayFirst = (dates: readonly string[]): boolean => resolveDates(packed(dates), 'f.csv', undefined);

test('a part beyond 12 decides the order of a date', () => {
  assert.equal(isDayFirst(['01/02/2024', '13/02/2024']), true);
  assert.equal(isDayFirst(['01/02/2024', '02/13/2024']), false);
});

test('the order in which time never runs backwards is taken', () => {
  assert.equal(isDayFirst(['10/01/2024', '11/01/2024', '12/01/2024', '01/02/2024']), true);
  assert.equal(isDayFirst(['01/10/2024', '01/11/2024', '01/12/2024', '02/01/2024']), false);
  assert.equal(isDayFirst(['01/02/2024', '12/01/2024', '11/01/2024', '10/01/2024']), true);
});

test('evenly spaced rows decide where both orders run forward', () => {
  const hours = ['00:00', '06:00', '12:00', '18:00'];
  const rows = (dates: readonly string[]): string[] =>
    dates.flatMap((date) => hours.map((hour) => `${date} ${hour}`));
  assert.equal(isDayFirst(rows(['01/02/2024', '02/02/2024', '03/02/2024'])), true);
  assert.equal(isDayFirst(rows(['02/01/2024', '02/02/2024', '02/03/2024'])), false);
});

test('a file of one ambiguous day is refused, and the option settles it', () => {
  const dates = ['03/04/2024 00:00', '03/04/2024 01:00'];
  assert.throws(() => isDayFirst(dates), { code: 'date_order_needed', message: /--day-first/ });
  const times = packed(dates);
  resolveDates(times, 'f.csv', true);
  assert.equal(times[1], Date.UTC(2024, 3, 3, 1));
});
