import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aHome, HOME_FIT } from './a-home.test-data.ts';
import { challenge } from './refit/challenge.ts';
import { fit } from './fit.ts';
import { holdOut } from './refit/hold-out.ts';
import { defaultPolicy } from './policy.ts';
import type { Progress } from './progress.ts';

const home = aHome(80);
const asked = { ...HOME_FIT, policy: defaultPolicy };
const champion = fit(aHome(50), HOME_FIT);

for (const [what, work] of [
  ['a fit', (progress) => fit(home, { ...HOME_FIT, progress })],
  ['a measure on held-out weeks', (progress) => holdOut(home, { ...HOME_FIT, progress }, defaultPolicy)],
  ['a challenge', (progress) => challenge(home, champion, { ...asked, progress })],
] as [string, (progress?: Progress) => unknown][])
  test(`${what} tells how far it is: shares that only rise, up to the whole, and change nothing`, () => {
    const told: number[] = [];
    const result = work((share) => told.push(share));
    assert.deepEqual(
      told,
      [...told].sort((a, b) => a - b),
    );
    assert.ok(new Set(told).size >= 10, `${told.length} shares`);
    assert.ok((told[0] ?? NaN) >= 0 && Math.abs((told.at(-1) ?? NaN) - 1) < 1e-9, told.join(' '));
    assert.deepEqual(result, work());
  });
