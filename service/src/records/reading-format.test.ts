import { LeftOnError, wattHours, watts } from '@lefton/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { START } from '../a-service.test-data.ts';
import { encodeReading } from '../a-json-reading.test-data.ts';
import { decodeReading, readingOf } from './reading-format.ts';

const HOME = { meter: 'home', source: 'test' };

describe('the value of raw_power', () => {
  it('gives back any reading exactly', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 })),
        fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2199, 0, 1) }),
        (power, energy, at) => {
          const energyWh = energy === null ? null : wattHours(energy + 0);
          const reading = { meter: 'home', at, watts: watts(power + 0), energyWh, source: 'x' };
          assert.deepEqual(decodeReading(encodeReading(reading)), reading);
        },
      ),
    );
  });

  it('of any bytes is a reading or a LeftOnError', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          try {
            decodeReading(bytes);
          } catch (error) {
            assert.ok(error instanceof LeftOnError);
          }
        },
      ),
    );
  });

  it('is refused when it is longer than any reading', () => {
    assert.throws(() => decodeReading(Buffer.alloc(5000, 0x20)), /at most 4096 bytes/);
  });
});

describe('a reading as a JSON object', () => {
  it('may leave out meter, energy and source, and give its instant as text', () => {
    const expected = { meter: 'home', at: START, watts: 5, energyWh: null, source: 'test' };
    assert.deepEqual(readingOf({ at: '2026-01-05T00:00:00Z', watts: 5 }, HOME), expected);
    assert.deepEqual(readingOf({ at: START, watts: 5, energy_wh: null }, HOME), expected);
  });

  for (const [json, place] of [
    [{ at: START }, 'watts'],
    [{ at: START, watts: '5' }, 'watts'],
    [{ at: START, watts: null }, 'watts'],
    [{ at: START + 0.5, watts: 5 }, 'at'],
    [{ at: 'yesterday', watts: 5 }, 'at'],
    [{ at: START, watts: 5, meter: '' }, 'meter'],
    [{ at: START, watts: 5, meter: 'a\nb' }, 'meter'],
    [{ at: START, watts: 5, meter: 'x'.repeat(129) }, 'meter'],
    [{ at: START, watts: 5, meter: 'half \ud83d' }, 'meter'],
    [{ at: START, watts: 5, source: '\udd0b half' }, 'source'],
    [{ at: START, watts: 5, energy_wh: 'many' }, 'energy_wh'],
    [{ at: START, watts: 5, power: 6 }, 'power'],
    [[], 'reading'],
    [null, 'reading'],
  ] as const) {
    it(`${JSON.stringify(json).slice(0, 60)} is refused for its ${place}`, () => {
      assert.throws(() => readingOf(json, HOME), { code: 'bad_reading', place });
    });
  }

  it('deeper than the stack is refused like any other, and shown without its inside', () => {
    const deep = (open: string, close: string): unknown =>
      JSON.parse(`${open.repeat(100_000)}0${close.repeat(100_000)}`);
    const [list, object] = [deep('[', ']'), deep('{"a":', '}')];
    const good = { at: START, watts: 5 };
    for (const key of ['watts', 'at', 'meter', 'energy_wh', 'source']) {
      const found = (value: unknown): RegExp =>
        new RegExp(`^${key}: .*found ${Array.isArray(value) ? 'a list of 1' : 'an object'}$`);
      for (const value of [list, object])
        assert.throws(() => readingOf({ ...good, [key]: value }, HOME), { message: found(value) });
    }
    assert.throws(() => readingOf(list, HOME), /^LeftOnError: reading: .*found a list of 1$/);
    assert.throws(() => readingOf(object, HOME), { code: 'bad_reading', place: 'a' });
  });
});
