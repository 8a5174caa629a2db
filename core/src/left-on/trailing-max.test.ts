import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { POWER, STEP_FIELDS, VALUE } from './run.ts';
import { TrailingMax } from './trailing-max.ts';

test('it is the highest known power of the window, and unknown while the newest is', () => {
  const power = fc.array(fc.oneof(fc.constantFrom(0, 100, 2000, NaN), fc.double({ noNaN: true })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(power, fc.integer({ min: 1, max: 15 }), (values, window) => {
      const max = new TrailingMax(window, 2);
      const slots = new Float64Array(2 + TrailingMax.slots(window));
      max.reset(slots);
      const step = new Float64Array(STEP_FIELDS);
      values.forEach((value, i) => {
        const known = values.slice(Math.max(0, i + 1 - window), i + 1).filter((each) => !Number.isNaN(each));
        const expected = Number.isNaN(value) ? NaN : Math.max(...known);
        step[POWER] = value;
        max.step(slots, step);
        const highest = step[VALUE] ?? 0;
        assert.ok(Object.is(highest, expected) || highest === expected);
      });
    }),
  );
});
