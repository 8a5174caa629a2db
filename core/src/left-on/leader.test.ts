import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Numbers } from '../model/numbers.ts';
import { MINUTE } from '../time.ts';
import { leftOnSince, resetLeftOn, SPARING_SLOTS, stateLength, stepLeftOn, watchingFor } from './index.ts';
import type { LeftOn } from './index.ts';
import { HOUR, SINCE } from './run.ts';

const watching = watchingFor(MINUTE);
const LIMITS = 24 * watching.watchers.length;

const aState = (home: LeftOn): Float64Array => {
  const state = new Float64Array(stateLength + SPARING_SLOTS);
  resetLeftOn(home, state);
  return state;
};

/** The highest score of all runs that are alive, and when its run began: each weighed at every step. */
function weighedAnew({ minutes }: LeftOn, state: Float64Array, end: number): readonly [number, number] {
  let [highest, began] = [0, NaN];
  watching.runs.weigh(state, {
    weigh: (watcher, slots, slot) => {
      const since = slots[slot + SINCE] ?? NaN;
      const score = (end - since) * (1 / (minutes.at(watcher * 24 + (slots[slot + HOUR] ?? 0)) * MINUTE));
      if (score > highest) [highest, began] = [score, since];
    },
  });
  return [highest, began];
}

const limit = fc.oneof(
  fc.constantFrom(null, 15, 60),
  fc.integer({ min: 10, max: 5000 }).map((tenths) => tenths / 10),
);
const homes = fc.array(fc.array(limit, { minLength: 40, maxLength: 40 }), { minLength: 2, maxLength: 2 });
/** Power that stays for some steps; null is a gap. */
const stretch = fc.tuple(
  fc.oneof(fc.constant(null), fc.constantFrom(0, 150, 2000), fc.double({ min: 0, max: 4000, noNaN: true })),
  fc.integer({ min: 1, max: 40 }),
);

test('the score is that of the longest run against its limit, as if all were weighed at every step', () => {
  fc.assert(
    fc.property(homes, fc.array(stretch, { maxLength: 40 }), fc.nat(1439), (limits, stretches, start) => {
      const power = stretches.flatMap(([watts, steps]) => Array<number | null>(steps).fill(watts));
      const each = limits.map((list): LeftOn => {
        const minutes = Array.from({ length: 2 * LIMITS }, (_, i) => list[(i * 7) % list.length] ?? null);
        return { watching, baseW: 100, days: 100, minutes: Numbers.of(minutes) };
      });
      const states = each.map(aState);
      power.forEach((watts, i) => {
        const at = (start + i) * MINUTE;
        each.forEach((home, which) => {
          const state = states[which] ?? assert.fail();
          const hour = Math.floor((start + i) / 60) % 24;
          const score = stepLeftOn(home, state, at, hour, watts ?? 0, watts !== null);
          const [highest, began] = weighedAnew(home, state, at + MINUTE);
          assert.equal(score, watts === null ? NaN : highest);
          if (highest > 0) assert.equal(leftOnSince(home, state), began);
        });
      });
    }),
  );
});

test('a train of pulses leads from its second pulse on, as it began with the first', () => {
  const limits = Array<number | null>(2 * LIMITS).fill(null);
  const limit = (kind: string, least: number, minutes: number): void => {
    const watcher = watching.watchers.findIndex((each) => each.kind === kind && each.watts >= least);
    limits.fill(minutes, watcher * 24, (watcher + 1) * 24);
  };
  limit('ceiling', 600, 30);
  limit('pulses', 1850, 31);
  const home: LeftOn = { watching, baseW: 100, days: 100, minutes: Numbers.of(limits) };
  const state = aState(home);
  for (let minute = 0; minute < 34; minute++) {
    const pulse = minute === 2 ? 2100 : minute < 5 ? 100 : minute % 10 === 2 ? 2800 : 800;
    const score = stepLeftOn(home, state, minute * MINUTE, 3, pulse, true);
    assert.equal(score, weighedAnew(home, state, (minute + 1) * MINUTE)[0]);
    if (minute === 12) assert.equal(leftOnSince(home, state), 2 * MINUTE);
  }
});

test('what only saves work is made anew: a state without it gives the same', () => {
  fc.assert(
    fc.property(
      homes,
      fc.array(stretch, { minLength: 1, maxLength: 20 }),
      fc.nat(),
      ([list = []], stretches, cut) => {
        const power = stretches.flatMap(([watts, steps]) => Array<number | null>(steps).fill(watts));
        const minutes = Numbers.of(
          Array.from({ length: 2 * LIMITS }, (_, i) => list[(i * 7) % list.length] ?? null),
        );
        const home: LeftOn = { watching, baseW: 100, days: 100, minutes };
        const [whole, parts] = [aState(home), aState(home)];
        power.forEach((watts, i) => {
          if (i === cut % power.length) parts.fill(NaN, stateLength);
          const step = (state: Float64Array): number =>
            stepLeftOn(home, state, i * MINUTE, 3, watts ?? 0, watts !== null);
          assert.equal(step(parts), step(whole));
          assert.deepEqual(parts.subarray(0, stateLength), whole.subarray(0, stateLength));
        });
      },
    ),
  );
});
