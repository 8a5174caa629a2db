import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnomalyEvent } from '../event.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';
import { watts, wattHours } from '../units.ts';
import { clockTime, duration, kilowattHours, kilowatts, sentence } from './sentence.ts';
import { wordsIn } from './words.ts';
import { Zone } from '../zone.ts';

const amsterdam = new Zone('Europe/Amsterdam');
const since = Date.UTC(2026, 2, 24, 2, 12);
const opened: AnomalyEvent = {
  type: 'opened',
  episode: 'home@2026-03-24T02:12:00Z',
  meter: 'home',
  at: since + 44 * MINUTE,
  hour: 3,
  day: 2,
  watts: watts(2100),
  meanWatts: watts(2070),
  usualWatts: watts(210),
  score: 1.1,
  since,
  until: null,
  longestMs: 12 * MINUTE,
  excessWh: wattHours(1400),
  cost: null,
  why: '',
};

test('an alert says what, since when, how unusual and how much so far', () => {
  assert.equal(
    sentence(opened, amsterdam),
    'Unusual: 2.1 kW since 03:12, at this hour it is usually 0.2 kW and never that long. About 1.4 kWh so far.',
  );
});

test('it says never only where the history has nothing as long, and says nothing of what is not known', () => {
  assert.match(sentence({ ...opened, longestMs: HOUR }, amsterdam), /seldom that long/);
  assert.equal(
    sentence({ ...opened, longestMs: null, usualWatts: null }, amsterdam),
    'Unusual: 2.1 kW since 03:12. About 1.4 kWh so far.',
  );
});

test('a reminder that was held back tells how long it is by now', () => {
  const at = since + 3 * HOUR;
  const told = wordsIn('en').text([{ ...opened, type: 'still_on', at }], amsterdam, at + 90 * MINUTE);
  assert.match(told, /since 03:12, 4 h 30 min by now/);
});

test('what was held back tells no energy "so far" of hours ago', () => {
  const at = since + 3 * HOUR;
  for (const type of ['opened', 'still_on'] as const) {
    const event = { ...opened, type, at };
    const [late, soon] = [90, 10].map((minutes) =>
      ['text', 'speech'].map((how) =>
        wordsIn('en')[how as 'text']([event], amsterdam, at + minutes * MINUTE),
      ),
    );
    assert.doesNotMatch(String(late), /so far/);
    assert.match(String(soon), /so far.*so far/);
  }
});

test('an end by another clock than the beginning is told with the length', () => {
  const since = Date.UTC(2026, 9, 25, 0, 40);
  const event = { ...opened, type: 'closed' as const, since, at: since + HOUR, until: since + 50 * MINUTE };
  assert.match(sentence(event, amsterdam), /It was on from 02:40 to 02:30 \(50 minutes\)/);
});

test('reminder, recovery and a silent meter have their own words', () => {
  const at = since + 3 * HOUR + 10 * MINUTE;
  assert.equal(
    sentence({ ...opened, type: 'still_on', at, excessWh: wattHours(6000), cost: 1.8 }, amsterdam),
    'Still on: 2.1 kW since 03:12, 3 h 10 min by now. About 6.0 kWh (1.80) so far.',
  );
  assert.equal(
    sentence(
      { ...opened, type: 'closed', at: at + 20 * MINUTE, until: at, excessWh: wattHours(6000) },
      amsterdam,
    ),
    'Back to usual. It was on from 03:12 to 06:22 and took about 6.0 kWh more than usual.',
  );
  assert.match(sentence({ ...opened, type: 'meter_silent', watts: null }, amsterdam), /silent since 03:12/);
  assert.match(sentence({ ...opened, type: 'meter_back', at }, amsterdam), /back after 3 h 10 min/);
});

test('the power of what cycles is its mean since the onset, not what it happens to be now', () => {
  const at = since + 2 * HOUR;
  const cycling = { ...opened, at, watts: watts(210), meanWatts: watts(1100) };
  assert.match(sentence(cycling, amsterdam), /^Unusual: 1\.1 kW since 03:12/);
});

test('a time that is long ago names its day', () => {
  assert.equal(clockTime(amsterdam, since, since + HOUR), '03:12');
  assert.equal(clockTime(amsterdam, since, since + DAY), 'Tuesday 03:12');
  assert.equal(clockTime(amsterdam, since, since + 9 * DAY), '2026-03-24 03:12');
});

test('numbers are as a person would say them', () => {
  assert.deepEqual([kilowatts(2100), kilowatts(60), kilowatts(-1500)], ['2.1 kW', '60 W', '-1.5 kW']);
  assert.deepEqual([kilowattHours(1400), kilowattHours(80)], ['1.4 kWh', '80 Wh']);
  assert.deepEqual([20_000, 12 * MINUTE, 2 * HOUR, 190 * MINUTE, 50 * HOUR, 48 * HOUR].map(duration), [
    '1 minute',
    '12 minutes',
    '2 hours',
    '3 h 10 min',
    '2 days 2 h',
    '2 days',
  ]);
});
