import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { LeftOnError } from './errors.ts';
import { parseModel } from './model-file.ts';

const text = readFileSync(new URL('../../models/august-2018.json', import.meta.url), 'utf8');
const august = (): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

test('a model file is read as it was written', () => {
  assert.deepEqual(parseModel(august()), august());
});

const faults: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ['another format', { format: 'x' }, /model\.format: expected "lefton-model", found "x"/],
  ['a newer version', { version: 2 }, /model\.version: expected 1, found 2/],
  ['an unknown kind', { kind: 'max' }, /model\.kind: expected "min-max" or "left-on"/],
  ['an unknown zone', { zone: 'Nowhere' }, /expected an IANA zone/],
  ['too few hours', { low: [1, 2] }, /model\.low: expected a list of 24, found a list of 2/],
  [
    'a text among the watts',
    { low: ['a', ...Array<number>(23).fill(0)] },
    /model\.low\[0\]: expected a finite number/,
  ],
  ['a high below its low', { high: Array(24).fill(0) }, /model\.high: expected more than low/],
  ['no provenance', { provenance: undefined }, /model\.provenance: expected an object, found nothing/],
];
for (const [name, change, message] of faults) {
  test(`a model file with ${name} is refused by name of the place`, () => {
    assert.throws(
      () => parseModel({ ...august(), ...change }),
      (error: unknown) => {
        assert.ok(error instanceof LeftOnError);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test('no JSON makes the reader fail in any other way', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(august())), (value, key) => {
      for (const json of [value, { ...august(), [key]: value }]) {
        try {
          parseModel(json);
        } catch (error) {
          assert.ok(error instanceof LeftOnError, String(error));
        }
      }
    }),
  );
});
