import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { aHome, HOME_FIT } from '../a-home.test-data.ts';
import { compileModel } from './compiled.ts';
import { LeftOnError } from '../errors.ts';
import { fit } from '../fit.ts';
import { MADE_BEFORE, parseModel } from './model-file.ts';

const text = readFileSync(new URL('../../../models/august-2018.json', import.meta.url), 'utf8');
const august = (): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

test('a model file is read as it was written', () => {
  assert.deepEqual(parseModel(august()), august());
});

const deep = (): unknown => JSON.parse(`${'{"a":'.repeat(100_000)}0${'}'.repeat(100_000)}`);

const faults: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ['another format', { format: 'x' }, /model\.format: expected "lefton-model", found "x"/],
  ['a newer version', { version: 2 }, /model\.version: expected 1, found 2/],
  ['an unknown kind', { kind: 'max' }, /model\.kind: expected "min-max" or "left-on"/],
  ['an object deeper than the stack', { kind: deep() }, /model\.kind: expected .*, found an object$/],
  ['an unknown zone', { zone: 'Nowhere' }, /model\.zone: expected an IANA zone .*, found "Nowhere"$/],
  [
    'a meter that no reading can name',
    { meter: 'a,b' },
    /model\.meter: expected a name of 1 to 128 characters/,
  ],
  ['a meter without a name', { meter: '' }, /model\.meter: expected a name/],
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

test("a model whose watchers are another version's is refused, or read without what decides", () => {
  const model = fit(aHome(30), HOME_FIT);
  const watchers = model.left_on?.watchers ?? [];
  for (const others of [watchers.slice(1), watchers.slice(0, -1), [...watchers, watchers[0]]]) {
    const before = JSON.parse(
      JSON.stringify({ ...model, left_on: { ...model.left_on, watchers: others } }),
    ) as unknown;
    assert.throws(() => parseModel(before), { code: 'other_version', message: /fitted anew: lefton fit/ });
    const read = parseModel(before, 'model', 'keep');
    assert.deepEqual(read, { ...model, left_on: null, why: MADE_BEFORE });
    assert.equal(compileModel(read).why, MADE_BEFORE);
  }
  const otherSteps = { ...model, cadence: { ...model.cadence, step_s: 300 } };
  assert.throws(() => parseModel(otherSteps), {
    code: 'bad_value',
    message: /left_on: expected the step of cadence\.step_s \(300 s\)/,
  });
  const broken = { ...model, left_on: { ...model.left_on, baseW: 'a' } };
  assert.throws(() => parseModel(broken, 'model', 'keep'), { code: 'bad_value' });
  assert.deepEqual(parseModel(JSON.parse(JSON.stringify(model)), 'model', 'keep'), model);
});

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
