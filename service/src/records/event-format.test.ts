import { toRecord, wattHours, watts } from '@lefton/core';
import type { AnomalyEvent } from '@lefton/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { START } from '../a-service.test-data.ts';
import { decodeEvent } from './event-format.ts';

const EVENT: AnomalyEvent = {
  type: 'closed',
  episode: 'home@2026-01-05T00:00:00Z',
  meter: 'home',
  at: START + 90 * 60_000,
  hour: 1,
  day: 1,
  watts: watts(150),
  meanWatts: watts(1200),
  usualWatts: watts(200),
  score: 0.25,
  since: START,
  until: START + 70 * 60_000,
  longestMs: 3_600_000,
  excessWh: wattHours(1400),
  cost: 0.42,
  why: 'Never that long.',
};
const bytes = (json: unknown): Uint8Array => Buffer.from(JSON.stringify(json));

describe('a record of anomaly_power', () => {
  it('is read as the event that was written', () => {
    assert.deepEqual(decodeEvent(bytes(toRecord(EVENT))), EVENT);
    const bare = {
      ...EVENT,
      watts: null,
      meanWatts: null,
      usualWatts: null,
      score: null,
      until: null,
      longestMs: null,
      cost: null,
    };
    assert.deepEqual(decodeEvent(bytes(toRecord(bare))), bare);
  });

  it('is read whatever it is about, also without a reason', () => {
    const whole = fc.integer({ min: -100_000, max: 100_000 });
    const instant = fc.integer({ min: START - 1e10, max: START + 1e10 });
    const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value);
    const events = fc.record<AnomalyEvent>(
      {
        type: fc.constantFrom('opened', 'still_on', 'closed', 'meter_silent', 'meter_back'),
        episode: fc.string({ minLength: 1 }),
        meter: fc.string({ minLength: 1, maxLength: 128 }),
        at: instant,
        hour: fc.integer({ min: 0, max: 23 }),
        day: fc.integer({ min: 1, max: 7 }),
        watts: orNull(whole.map(watts)),
        meanWatts: orNull(whole.map(watts)),
        usualWatts: orNull(whole.map(watts)),
        score: orNull(fc.integer({ max: 1000 }).map((score) => score / 1000)),
        since: instant,
        until: orNull(instant),
        longestMs: orNull(fc.nat(1e6).map((seconds) => seconds * 1000)),
        excessWh: whole.map(wattHours),
        cost: orNull(fc.nat(10_000).map((cents) => cents / 100)),
        why: fc.string(),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(events, (event) => {
        assert.deepEqual(decodeEvent(bytes(toRecord(event))), event);
      }),
    );
  });

  it('may hold fields that a newer LeftOn added', () => {
    assert.deepEqual(decodeEvent(bytes({ ...toRecord(EVENT), room: 'kitchen' })), EVENT);
  });

  it('is refused by the field that is wrong', () => {
    assert.throws(() => decodeEvent(bytes({ ...toRecord(EVENT), at: 'soon' })), {
      code: 'bad_event',
      message: /at/,
    });
    assert.throws(() => decodeEvent(bytes({ ...toRecord(EVENT), hour: 24 })), { message: /hour/ });
    assert.throws(() => decodeEvent(Buffer.alloc(20_000)), { message: /16384 bytes/ });
  });

  it('never is anything but an event or refused', () => {
    const junk = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(junk, (value) => {
        assert.throws(() => decodeEvent(value), { code: 'bad_event' });
      }),
      { numRuns: 2_000 },
    );
  });
});
