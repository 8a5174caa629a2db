import { formatUtc, MINUTE, Zone } from '@lefton/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { endOfQuiet, nextTime, parseQuietHours, parseTime } from './daily.ts';

const paris = new Zone('Europe/Paris');
const utc = (text: string): number => Date.parse(`${text}:00Z`);
const end = (text: string, at: string): string | null => {
  const hours = parseQuietHours(text) ?? assert.fail(text);
  const found = endOfQuiet(hours, paris, utc(at));
  return found === null ? null : formatUtc(found);
};

describe('quiet hours', () => {
  it('are written as two times', () => {
    assert.deepEqual(parseQuietHours('22:00-07:30'), { from: 1320, to: 450 });
    assert.deepEqual(parseQuietHours(' 9:00 - 17:00 '), { from: 540, to: 1020 });
    for (const text of [
      '',
      '22:00',
      '22-7',
      '24:00-07:00',
      '07:60-08:00',
      '07:00-07:00',
      '1:00-2:00-3:00',
      'x',
    ])
      assert.equal(parseQuietHours(text), undefined, text);
    assert.equal(parseTime('08:05'), 485);
  });

  it('hold over midnight, and end by the local clock', () => {
    assert.equal(end('22:00-07:00', '2026-01-05T20:59'), null);
    assert.equal(end('22:00-07:00', '2026-01-05T21:00'), '2026-01-06T06:00:00Z');
    assert.equal(end('22:00-07:00', '2026-01-06T05:59'), '2026-01-06T06:00:00Z');
    assert.equal(end('22:00-07:00', '2026-01-06T06:00'), null);
    assert.equal(end('13:00-15:00', '2026-01-06T12:30'), '2026-01-06T14:00:00Z');
  });

  it('are an hour shorter when the clocks go forward, and an hour longer when they go back', () => {
    assert.equal(end('22:00-07:00', '2026-03-28T21:00'), '2026-03-29T05:00:00Z');
    assert.equal(end('22:00-07:00', '2026-10-24T20:00'), '2026-10-25T06:00:00Z');
  });

  it('end after the skipped hour where they would end in it, and with the first of two where it comes twice', () => {
    assert.equal(end('22:00-02:30', '2026-03-28T23:00'), '2026-03-29T01:00:00Z');
    assert.equal(end('22:00-02:30', '2026-10-24T22:00'), '2026-10-25T00:30:00Z');
    // 02:10 for the second time: quiet again for 20 minutes, not for a day
    assert.equal(end('22:00-02:30', '2026-10-25T01:10'), '2026-10-25T01:30:00Z');
  });
});

describe('a daily time', () => {
  it('comes after the instant, within two days, and shows on the clock', () => {
    const zones = [
      'Europe/Paris',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'America/Sao_Paulo',
    ];
    const minutes = fc.integer({ min: 0, max: 1439 });
    const instants = fc.integer({ min: utc('2015-01-01T00:00'), max: utc('2027-01-01T00:00') });
    fc.assert(
      fc.property(fc.constantFrom(...zones), minutes, instants, (name, minute, after) => {
        const zone = new Zone(name);
        const at = nextTime(minute, zone, after);
        assert.ok(at > after && at - after <= 2 * 24 * 60 * MINUTE);
        const shown = zone.minuteOfDay(at);
        const skipped = zone.instantsOf((zone.dayNumber(at) * 1440 + minute) * MINUTE).length === 0;
        assert.ok(shown === minute || skipped, `${name} ${formatUtc(at)}`);
      }),
    );
  });
});
