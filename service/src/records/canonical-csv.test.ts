import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LeftOnError } from '@lefton/core';
import { START } from '../a-service.test-data.ts';
import { CanonicalCsv } from './canonical-csv.ts';

const csv = new CanonicalCsv({ meter: 'home', source: 'test' });

describe('a row of canonical CSV', () => {
  for (const [line, at, watts, meter] of [
    ['2026-01-05T00:00:00Z,150', START, 150, 'home'],
    ['2026-01-05T01:00:00+01:00,-20.5,barn', START, -20.5, 'barn'],
    [' "2026-01-05 00:00:00Z" , "1.5e3" , "the barn" ', START, 1500, 'the barn'],
    ['\ufeff2026-01-05T00:00:00.250Z,0', START + 250, 0, 'home'],
  ] as const) {
    it(`${JSON.stringify(line)} is a reading`, () => {
      assert.deepEqual(csv.read(line), { meter, at, watts, energyWh: null, source: 'test' });
    });
  }

  for (const line of ['', '  ', 'at,watts', 'at,watts,meter', '\ufeffat,watts']) {
    it(`${JSON.stringify(line)} is passed over`, () => {
      assert.equal(csv.read(line), undefined);
    });
  }

  for (const [line, place] of [
    ['2026-01-05T00:00:00,150', 'at'],
    ['2026-13-05T00:00:00Z,150', 'at'],
    ['2026-01-05T00:00:00Z,unavailable', 'watts'],
    ['2026-01-05T00:00:00Z,', 'watts'],
    ['2026-01-05T00:00:00Z,NaN', 'watts'],
    ['2026-01-05T00:00:00Z,0x1f', 'watts'],
    ['2026-01-05T00:00:00Z,1e999', 'watts'],
    ['2026-01-05T00:00:00Z,1,', 'meter'],
    ['2026-01-05T00:00:00Z,1,a,b', 'row'],
    ['2026-01-05T00:00:00Z', 'row'],
    ['Consumption (kWh), Start, End', 'row'],
    ['0.5, 2026-01-05T00:00:00Z, 2026-01-05T00:30:00Z', 'row'],
  ] as const) {
    it(`${JSON.stringify(line)} is refused for its ${place}`, () => {
      assert.throws(() => csv.read(line), { code: 'bad_reading', place });
    });
  }

  it('that is one of an export says what makes readings of it', () => {
    assert.throws(() => csv.read('entity_id,state,last_changed'), {
      message: /lefton import makes of an export/,
    });
  });

  it('of a million digits is refused at once', () => {
    for (const end of ['', 'x', 'e', '.x']) {
      const line = `2026-01-05T00:00:00Z,${'1'.repeat(1_000_000)}${end}`;
      assert.throws(() => csv.read(line), { code: 'bad_reading', place: 'watts' });
    }
  });

  it('of any text is a reading, nothing, or a LeftOnError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        try {
          csv.read(line);
        } catch (error) {
          assert.ok(error instanceof LeftOnError);
        }
      }),
    );
  });
});
