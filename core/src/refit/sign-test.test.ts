import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signTest } from './sign-test.ts';

test('the sign test says how likely so many losses are by chance', () => {
  const cases = [
    [0, 0, 1],
    [1, 0, 1 / 2],
    [0, 5, 1],
    [5, 0, 1 / 32],
    [7, 0, 1 / 128],
    [8, 2, 56 / 1024],
    [3, 3, 42 / 64],
  ] as const;
  for (const [losses, wins, chance] of cases)
    assert.ok(Math.abs(signTest(losses, wins) - chance) < 1e-12, `${losses} of ${losses + wins}`);
});

test('the sign test holds for as many appliances as four draws over four weeks have', () => {
  assert.ok(Math.abs(signTest(100, 100) - 0.528) < 0.001);
  assert.ok(signTest(200, 0) > 0 && signTest(200, 0) < 1e-59);
});
