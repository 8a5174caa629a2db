import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dayOfDate, formatUtc, parseInstant, wallClockMs } from './time.ts';

test('an instant survives being written and read', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2199, 0, 1) }), (at) => {
      assert.equal(parseInstant(formatUtc(at)), at);
    }),
  );
});

test('an instant is read with any offset, with a blank for the T, and with a comma for the fraction', () => {
  const at = Date.UTC(2026, 2, 24, 2, 12);
  for (const text of [
    '2026-03-24T03:12:00+01:00',
    '2026-03-24 03:12+01',
    '2026-03-23T21:12:00.000-0500',
    '2026-03-24T02:12:00,000Z',
    '2026-03-24T02:12Z',
    '2026-03-24T02:12z',
    '2026-03-24T07:57:00+05:45',
    '2026-03-23T22:42-0330',
    '2026-03-24 02:12:00 +00:00',
  ]) {
    assert.equal(parseInstant(text), at, text);
  }
});

test('a time without an offset, an impossible date and plain noise are no instants', () => {
  for (const text of [
    '2026-03-24T03:12:00',
    '2026-02-29T00:00Z',
    '2026-13-01T00:00Z',
    '2026-01-01T25:00Z',
    '2026-01-01T00:60Z',
    '2026-01-01T00:00+24:00',
    '0099-01-01T00:00Z',
    '1e9',
    '',
  ]) {
    assert.equal(parseInstant(text), undefined, text);
  }
});

test('no text makes the parser throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseInstant(text);
    }),
  );
});

test('24:00 is the end of the day and 24:01 is nothing', () => {
  const day = { year: 2026, month: 3, day: 1, second: 0 };
  assert.equal(wallClockMs({ ...day, hour: 24, minute: 0 }), Date.UTC(2026, 2, 2));
  assert.equal(wallClockMs({ ...day, hour: 24, minute: 1 }), undefined);
});

test('a day that its month has not is no date', () => {
  assert.equal(dayOfDate('1970-01-02'), 1);
  assert.equal(dayOfDate('2028-02-29'), dayOfDate('2028-03-01') - 1);
  for (const text of ['2026-02-29', '2026-02-30', '2026-04-31', '2026-13-01', '2026-1-1', 'today', ''])
    assert.ok(Number.isNaN(dayOfDate(text)), text);
});
