import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LeftOnError } from './errors.ts';
import { DAY, HOUR, MINUTE, parseInstant } from './time.ts';
import { Zone } from './zone.ts';

const ZONES = [
  'Europe/Paris',
  'America/Los_Angeles',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Africa/Casablanca',
  'UTC',
];
const instant = (text: string): number => parseInstant(text) ?? assert.fail(text);
const moment = fc.integer({ min: Date.UTC(1985, 0, 1), max: Date.UTC(2037, 0, 1) });

test('local time agrees with the runtime at any instant, whatever was asked before', () => {
  for (const name of ZONES) {
    const zone = new Zone(name);
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: name,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    fc.assert(
      fc.property(moment, (at) => {
        assert.equal(zone.format(at).slice(0, 19).replace('T', ' '), format.format(at));
      }),
    );
  }
});

test('an instant written with its offset is read back, in every zone', () => {
  for (const name of ZONES) {
    const zone = new Zone(name);
    fc.assert(
      fc.property(moment, (at) => {
        assert.equal(parseInstant(zone.format(at)), at);
        assert.ok(zone.instantsOf(at + zone.offsetAt(at)).includes(at));
      }),
    );
  }
});

test('the hour that spring skips has no instant, the hour that autumn repeats has two, in order', () => {
  const paris = new Zone('Europe/Paris');
  assert.deepEqual(paris.instantsOf(Date.UTC(2026, 2, 29, 2, 30)), []);
  assert.deepEqual(paris.instantsOf(Date.UTC(2026, 9, 25, 2, 30)), [
    instant('2026-10-25T02:30:00+02:00'),
    instant('2026-10-25T02:30:00+01:00'),
  ]);
  const lordHowe = new Zone('Australia/Lord_Howe');
  assert.equal(lordHowe.instantsOf(Date.UTC(2026, 3, 5, 1, 45)).length, 2);
  assert.equal(lordHowe.instantsOf(Date.UTC(2026, 9, 4, 2, 15)).length, 0);
});

test('needs 17: a month begins once, also when the clock changes with it', () => {
  const paris = new Zone('Europe/Paris');
  const boundaries = new Set<number>();
  for (let at = instant('2024-03-30T00:00Z'); at < instant('2024-04-02T00:00Z'); at += 15 * MINUTE) {
    if (paris.format(at).slice(0, 7) !== paris.format(at - 15 * MINUTE).slice(0, 7)) boundaries.add(at);
  }
  assert.deepEqual([...boundaries], [instant('2024-04-01T00:00+02:00')]);
});

test('needs 18: the spring day has 23 hours, each with its own place', () => {
  const helsinki = new Zone('Europe/Helsinki');
  const day = helsinki.dayNumber(instant('2025-03-30T12:00+03:00'));
  const hours: number[] = [];
  for (let at = helsinki.startOfDay(day); at < helsinki.startOfDay(day + 1); at += HOUR)
    hours.push(helsinki.hour(at));
  assert.deepEqual(hours, [0, 1, 2, ...Array.from({ length: 20 }, (_, i) => i + 4)]);
});

test('needs 20: a day is complete with 46, 48 or 50 half hours, counted from local midnights', () => {
  const london = new Zone('Europe/London');
  const halfHours = (noon: string): number => {
    const day = london.dayNumber(instant(noon));
    return (london.startOfDay(day + 1) - london.startOfDay(day)) / (30 * MINUTE);
  };
  assert.equal(halfHours('2024-03-31T12:00Z'), 46);
  assert.equal(halfHours('2024-06-01T12:00Z'), 48);
  assert.equal(halfHours('2024-10-27T12:00Z'), 50);
});

test('needs 22 and 24: UTC readings are seen at the local hour of the home', () => {
  assert.equal(new Zone('Europe/London').hour(instant('2024-07-01T19:00Z')), 20);
  assert.equal(new Zone('America/Los_Angeles').hour(instant('2024-01-15T13:00Z')), 5);
});

test('needs 25: the zone of the home decides, not the zone of the process', () => {
  assert.equal(new Zone('Europe/Berlin').hour(instant('2024-07-01T22:30Z')), 0);
  assert.equal(new Zone('Europe/Berlin').weekday(instant('2024-07-01T22:30Z')), 1);
});

test('a day starts after the jump where the clock jumps over midnight, and a skipped day is passed over', () => {
  const beirut = new Zone('Asia/Beirut');
  const day = beirut.dayNumber(instant('2024-03-31T12:00+03:00'));
  assert.equal(beirut.format(beirut.startOfDay(day)), '2024-03-31T01:00:00+03:00');
  const apia = new Zone('Pacific/Apia');
  assert.equal(
    apia.dayNumber(instant('2011-12-31T00:00+14:00')) - apia.dayNumber(instant('2011-12-29T23:59-10:00')),
    2,
  );
});

test('the hours of a stretch are those of the local clock, also where it is set', () => {
  const starts = (name: string, from: string, to: string): string[] => {
    const zone = new Zone(name);
    const hours = zone.hoursIn(instant(from), instant(to));
    for (const [i, hour] of hours.entries()) assert.equal(hour.from, hours[i - 1]?.to ?? hour.from);
    return hours.map((hour) => `${zone.format(hour.from).slice(11, 16)} ${(hour.to - hour.from) / MINUTE}`);
  };
  assert.deepEqual(starts('UTC', '2026-01-05T05:00Z', '2026-01-05T07:00Z'), ['05:00 60', '06:00 60']);
  const kolkata = ['05:00 60', '06:00 60', '07:00 60'];
  assert.deepEqual(starts('Asia/Kolkata', '2026-01-05T00:00Z', '2026-01-05T02:00Z'), kolkata);
  const paris = ['01:00 60', '02:00 60', '02:00 60', '03:00 60'];
  assert.deepEqual(starts('Europe/Paris', '2026-10-24T23:00Z', '2026-10-25T03:00Z'), paris);
  const lordHowe = ['01:00 60', '01:30 30', '02:00 60'];
  assert.deepEqual(starts('Australia/Lord_Howe', '2026-04-04T14:00Z', '2026-04-04T16:00Z'), lordHowe);
  const chatham = ['02:00 45', '03:45 15', '04:00 60'];
  assert.deepEqual(starts('Pacific/Chatham', '2026-09-26T13:15Z', '2026-09-26T15:00Z'), chatham);
});

test('weekday and minute of the day are those of the local clock', () => {
  const kathmandu = new Zone('Asia/Kathmandu');
  const at = instant('2026-11-25T18:20:00Z');
  assert.equal(kathmandu.weekday(at), 3);
  assert.equal(kathmandu.minuteOfDay(at), 5);
  assert.equal(kathmandu.dayNumber(at), Date.UTC(2026, 10, 26) / DAY);
});

test('an unknown zone is one clear error', () => {
  assert.throws(
    () => new Zone('Mars/Olympus'),
    (error: unknown) =>
      error instanceof LeftOnError && error.code === 'unknown_zone' && /Mars/.test(error.message),
  );
  assert.throws(() => new Zone('UTC').hour(NaN), LeftOnError);
});

test('a zone is made once for each name, and a name that is none is refused each time', () => {
  assert.equal(Zone.named('Europe/Paris'), Zone.named('Europe/Paris'));
  for (let i = 0; i < 2; i++)
    assert.throws(() => Zone.named('Europe/Nowhere'), { code: 'unknown_zone', found: '"Europe/Nowhere"' });
});
