import { LeftOnError, wattHours, watts } from '@lefton/core';
import type { Reading } from '@lefton/core';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { START } from '../a-service.test-data.ts';
import { readInPlace } from './reading-in-place.ts';
import { ReadingCodec } from './reading-codec.ts';
import { HEADER } from './record-reader.ts';

const readings: fc.Arbitrary<Reading> = fc.record({
  meter: fc.constantFrom('home', 'meter-7', 'küche', 'm'.repeat(63), 'm'.repeat(64), 'm'.repeat(128)),
  at: fc.oneof(
    fc.integer({ min: Date.UTC(1990, 0, 2), max: Date.UTC(2199, 0, 1) }),
    fc.constantFrom(2 ** 41 - 1, 2 ** 41, START),
  ),
  watts: fc.double({ noNaN: true, noDefaultInfinity: true }).map(watts),
  energyWh: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map(wattHours), { nil: null }),
  source: fc.constantFrom('', 'a meter', 'zähler', 's'.repeat(64)),
});

/** What a codec makes of bytes: a reading, or where it found what was wrong. */
function found(codec: ReadingCodec, bytes: Uint8Array, key: string): unknown {
  try {
    return codec.decode(bytes, key, START);
  } catch (error) {
    if (error instanceof LeftOnError) return [error.place, error.message];
    throw error;
  }
}

describe('a reading that is read in place', () => {
  it('is what the schema says, whatever the bytes', () => {
    const change = fc.record({ at: fc.nat(200), to: fc.nat(255), length: fc.nat(200) });
    const cases = fc.property(readings, fc.option(change), (reading, changed) => {
      const knowing = ReadingCodec.embedded();
      const whole = Buffer.from(knowing.encode(reading));
      // from here on it knows the meter and the source
      knowing.decode(whole, reading.meter, START);
      const bytes = Buffer.from(whole);
      if (changed !== null && changed.at < bytes.length) bytes[changed.at] = changed.to;
      const cut = bytes.subarray(0, changed === null ? undefined : Math.max(HEADER, changed.length));
      const anew = ReadingCodec.embedded();
      assert.deepEqual(found(knowing, cut, reading.meter), found(anew, cut, reading.meter));
    });
    fc.assert(cases, { numRuns: 400 });
  });

  it('has a meter and a source of less than 64 letters of ASCII, and an instant before September 2039', () => {
    const usual = { meter: 'home', at: START, watts: watts(1), energyWh: wattHours(2), source: 'a meter' };
    const bytesOf = (reading: Reading): Buffer => Buffer.from(ReadingCodec.embedded().encode(reading));
    const read = (reading: Reading): unknown =>
      readInPlace(bytesOf(reading), HEADER, reading.meter, reading.source);
    assert.deepEqual(read(usual), usual);
    assert.deepEqual(read({ ...usual, energyWh: null }), { ...usual, energyWh: null });
    for (const other of [{ meter: 'küche' }, { source: 's'.repeat(64) }, { at: 2 ** 41 }])
      assert.equal(read({ ...usual, ...other }), undefined);
    assert.equal(readInPlace(bytesOf(usual), HEADER, 'other', usual.source), undefined);
    assert.equal(readInPlace(bytesOf(usual), HEADER, usual.meter, 'other'), undefined);
  });
});
