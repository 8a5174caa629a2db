import assert from 'node:assert/strict';
import { test } from 'node:test';
import { powersShown } from './power-scale.ts';

const HOUR = 3_600_000;
const hour = (at: number, low: number, high: number) => ({ at, until: at + HOUR, low, high, usual: low });
const SPAN = { from: HOUR, to: 2 * HOUR };
const NOTHING = { at: [], watts: [] };

test('a picture of power has room for all that it draws, also for what stands beside it', () => {
  const drawing = {
    power: { at: [0, HOUR, 3 * HOUR], watts: [9_000, 2_000, 9_000] },
    faint: { at: [HOUR, 1.5 * HOUR, 3 * HOUR], watts: [-300, 5_500, 9_000] },
    expected: [hour(0, -900, 8_000), hour(HOUR, 100, 4_000)],
    marks: [],
  };
  assert.deepEqual(powersShown(drawing, SPAN), [-300 * 1.06, 5_500 * 1.06]);
  assert.deepEqual(powersShown({ ...drawing, faint: NOTHING }, SPAN), [0, 4_000 * 1.06]);
  const [low, high] = powersShown({ ...drawing, power: NOTHING, faint: NOTHING, expected: [] }, SPAN);
  assert.ok(low === 0 && high > 0);
});
