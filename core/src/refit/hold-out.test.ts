import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aHome, HOME_FIT, HOME_START } from '../a-home.test-data.ts';
import { holdOut } from './hold-out.ts';
import { defaultPolicy } from '../policy.ts';
import { MINUTE } from '../time.ts';
import type { Label } from '../series/window.ts';

const heater = { from: 65 * 1440 + 192, to: 65 * 1440 + 492, watts: 2000 };
const marked = (label: Label, laterMin = 0): typeof HOME_FIT => ({
  ...HOME_FIT,
  windows: [
    {
      from: HOME_START + (heater.from + laterMin) * MINUTE,
      to: HOME_START + (heater.to + laterMin) * MINUTE,
      label,
    },
  ],
});

test('an alert in the held-out weeks counts against the budget, unless something was really left on', () => {
  const home = aHome(80, heater);
  const rate = (options: typeof HOME_FIT): number | undefined =>
    holdOut(home, options, defaultPolicy)?.alerts_per_30_days;
  assert.deepEqual([rate(HOME_FIT), rate(marked('fine')), rate(marked('left_on'))], [1.1, 1.1, 0]);
  assert.deepEqual([rate(marked('left_on', 1440)), rate(marked('left_on', -1440))], [1.1, 1.1]);
});

test('the held-out weeks are not measured by less than a week of readings', () => {
  const { at, watts } = aHome(80);
  const kept = (days: number) => (_: number, i: number) => i < 52 * 1440 || i >= (80 - days) * 1440;
  const days = [6, 10].map((most) => {
    const history = { at: at.filter(kept(most)), watts: watts.filter(kept(most)) };
    return holdOut(history, HOME_FIT, defaultPolicy)?.alerts_per_30_days ?? null;
  });
  assert.deepEqual(days, [null, 0]);
});

test('less than eight weeks are not measured', () => {
  assert.equal(holdOut(aHome(50), HOME_FIT, defaultPolicy), null);
});

test('a model that cannot decide would have told nothing, which says nothing of it', () => {
  const { at } = aHome(80);
  assert.equal(holdOut({ at, watts: at.map(() => 200) }, HOME_FIT, defaultPolicy), null);
});
