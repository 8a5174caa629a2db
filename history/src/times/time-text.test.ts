import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInstant } from '@lefton/core';
import fc from 'fast-check';
import { TimeText, unpackDate } from './time-text.ts';

const utc = (text: string): number => Date.parse(`${text}Z`);

test('dates and times of many exports are read', () => {
  const text = new TimeText('day_first');
  for (const [written, meant] of [
    ['2023-01-02T03:04:05', '2023-01-02T03:04:05'],
    ['2023-01-02 03:04', '2023-01-02T03:04:00'],
    ['2023/01/02 03:04', '2023-01-02T03:04:00'],
    ['16/12/2006 17:24:00', '2006-12-16T17:24:00'],
    ['1-2-23 4:05', '2023-02-01T04:05:00'],
    ['01.02.2023, 04:05', '2023-02-01T04:05:00'],
    ['20231019', '2023-10-19T00:00:00'],
    ['2023-01-02 24:00', '2023-01-03T00:00:00'],
    ['02/01/2023 12:00 AM', '2023-01-02T00:00:00'],
    ['02/01/2023 12:30:00 pm', '2023-01-02T12:30:00'],
    ['2023-01-02T03:04:05.250', '2023-01-02T03:04:05.250'],
    ['  2023-01-02  ', '2023-01-02T00:00:00'],
  ] as const)
    assert.equal(text.read(written), utc(meant), written);
  assert.equal(new TimeText('month_first').read('03/04/2024'), utc('2024-03-04T00:00:00'));
});

test('an offset is told apart from the time', () => {
  const text = new TimeText('day_first');
  for (const [written, hours] of [
    ['2024-01-01T00:00:00+01:00', 1],
    ['2024-01-01T00:00:00-0530', -5.5],
    ['2024-01-01 00:00 +02', 2],
    ['2024-01-01T00:00:00.000Z', 0],
  ] as const) {
    assert.equal(text.read(written), utc('2024-01-01T00:00:00'), written);
    assert.equal(text.offset, hours * 3_600_000, written);
  }
  text.read('2024-01-01T00:00:00');
  assert.ok(Number.isNaN(text.offset));
});

test('what is no time is NaN', () => {
  const text = new TimeText('day_first');
  for (const written of [
    '',
    'at',
    '2023-13-01',
    '2023-02-30 00:00',
    '2023-01-01T25:00',
    '2023-01-01T24:01',
    '2023-01-01T10:60',
    '2023-01-01T1',
    '2023-01-01T10:00+24:00',
    '2023-01-01T10:00+01:60',
    '2023-001-01',
    '2023-01-01T10:00 and more',
    '2023-01/01',
    '99/99/9999',
    '13:00 PM',
    '01/01/2023 13:00 PM',
  ])
    assert.ok(Number.isNaN(text.read(written)), written);
});

test('ISO instants are read as the core reads them', () => {
  const text = new TimeText('undecided');
  const digits = fc.integer({ min: 0, max: 70 }).map((n) => String(n).padStart(2, '0'));
  const iso = fc
    .tuple(
      fc.integer({ min: 1890, max: 2110 }),
      digits,
      digits,
      digits,
      digits,
      digits,
      fc.constantFrom('Z', '+01:00', '-0930'),
    )
    .map(([y, mo, d, h, mi, s, zone]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${zone}`);
  fc.assert(
    fc.property(iso, (written) => {
      const time = text.read(written);
      assert.equal(Number.isNaN(time) ? undefined : time - text.offset, parseInstant(written), written);
    }),
  );
});

test('a date of undecided order is packed and comes back in either order', () => {
  const text = new TimeText('undecided');
  const packed = text.read('03/04/2024 05:06');
  assert.ok(text.packed);
  assert.equal(unpackDate(packed, true), utc('2024-04-03T05:06:00'));
  assert.equal(unpackDate(packed, false), utc('2024-03-04T05:06:00'));
  assert.ok(Number.isNaN(unpackDate(text.read('03/14/2024'), true)));
});
