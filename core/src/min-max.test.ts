import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileModel } from './compiled.ts';
import { createState } from './meter-state.ts';
import { detect } from './detect.ts';
import { defaultPolicy } from './policy.ts';
import { parseModel } from './model-file.ts';
import { HOUR } from './time.ts';
import { watts } from './units.ts';

const file = new URL('../../models/august-2018.json', import.meta.url);
const model = compileModel(parseModel(JSON.parse(readFileSync(file, 'utf8'))));

test("the article's table gives the published scores to the last bit", () => {
  const published: readonly (readonly [number, number, number])[] = [
    [4, 100, -0.03137254901960784],
    [4, 1500, 5.458823529411765],
    [4, 3000, 11.341176470588236],
    [9, 1500, 0.6913887506222001],
    [20, 3000, 0.7951608468518009],
  ];
  for (const [hour, power, score] of published) {
    assert.deepEqual(model.scoreIn(hour, watts(power)), { known: true, score });
  }
});

test('1,500 W at nine is silent, 1,500 W at four is not', () => {
  const state = createState(model, 'demo');
  const at = (hour: number): number => model.zone.startOfDay(17_745) + hour * HOUR;
  const read = (hour: number): string[] =>
    detect(
      model,
      defaultPolicy,
      state,
      { meter: 'demo', at: at(hour), watts: watts(1500), energyWh: null, source: '' },
      Infinity,
    ).map(({ type }) => type);
  assert.deepEqual(read(9), []);
  assert.deepEqual(read(28), ['opened']);
  const reading = { meter: 'demo', at: at(52), watts: watts(1500), energyWh: null, source: '' };
  const [event] = detect(model, defaultPolicy, createState(model, 'demo'), reading, Infinity);
  assert.equal(event?.hour, 4);
  assert.match(event.why, /at 4:00 it has always been between 0\.1 kW and 0\.4 kW/);
});
