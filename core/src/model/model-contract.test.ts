import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { aHome, HOME_FIT, HOME_START } from '../a-home.test-data.ts';
import { FITTED, home, modelContract } from '../../../test/a-model-contract.test-data.ts';
import { fit } from '../fit.ts';
import type { Model } from './model.ts';
import { parseModel } from './model-file.ts';
import { DAY } from '../time.ts';

const AUGUST = new URL('../../../models/august-2018.json', import.meta.url);

function august(): Model {
  const model = parseModel(JSON.parse(readFileSync(AUGUST, 'utf8')));
  return { ...model, zone: 'Europe/Amsterdam' };
}

/** A table of one reading an hour: nothing lies between its lowest and its highest. */
const flat = (): { low: number[]; high: number[] } => {
  const hours = Array.from({ length: 24 }, () => 100);
  return { low: hours, high: hours };
};

modelContract('min-max', august, () => ({ ...august(), ...flat() }));
modelContract(
  'left-on',
  () => fit(home, { ...HOME_FIT, until: HOME_START + 42 * DAY }),
  () => fit(aHome(3), HOME_FIT),
);

it('a left-on model fitted until a moment is the same when the history after it is removed', () => {
  const until = HOME_START + 42 * DAY;
  const cut = { at: home.at.slice(0, FITTED), watts: home.watts.slice(0, FITTED) };
  assert.deepEqual(fit(home, { ...HOME_FIT, until }), fit(cut, { ...HOME_FIT, until }));
  assert.equal(home.at[FITTED], until);
});
