import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Notation } from './notation.ts';

const units = { seconds: 's', minutes: 'min', hours: 'h', days: 'days' };

test('the time of day is that of the local clock, also half an hour from UTC', () => {
  const kolkata = new Notation('en', 'Asia/Kolkata', units);
  const at = Date.UTC(2026, 0, 5, 0, 45);
  assert.equal(kolkata.timeOfDay(at), 6.25);
  assert.equal(kolkata.hourOfWeek(at), 6);
});

test('a stretch says the day of its end where that is not the day of its beginning', () => {
  const berlin = new Notation('en-GB', 'Europe/Berlin', units);
  const [at, now] = [(text: string) => Date.parse(text), Date.parse('2026-03-24T21:00:00+01:00')];
  const stretch = (from: string, to: string): string => berlin.stretch(at(from), at(to), now).join(' to ');
  assert.equal(stretch('2026-03-24T16:06:00+01:00', '2026-03-24T20:58:00+01:00'), '16:06 to 20:58');
  assert.equal(stretch('2026-03-20T16:06+01:00', '2026-03-20T20:58+01:00'), 'Fri 20 Mar, 16:06 to 20:58');
  assert.equal(
    stretch('2026-03-23T21:00+01:00', '2026-03-24T21:00+01:00'),
    'Mon 23 Mar, 21:00 to Tue 24 Mar, 21:00',
  );
  assert.equal(
    stretch('2025-03-24T21:00+01:00', '2026-03-24T21:00+01:00'),
    '24 Mar 2025, 21:00 to 24 Mar 2026, 21:00',
  );
});

test('nothing has no sign, also where it is a little less', () => {
  const berlin = new Notation('en', 'Europe/Berlin', units);
  assert.deepEqual(
    [-0, -0.3, -44, -2_000].map((watts) => berlin.power(watts)),
    ['0 W', '0 W', '-44 W', '-2.0 kW'],
  );
});
