import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE, SECOND } from '@lefton/core';
import fc from 'fast-check';
import { countingOf } from './counting.ts';
import { registerDifferences } from './register.ts';
import type { Differences } from './register.ts';

/** What a register that counts by so much shows at each row of a power over time. */
function counted(stepWh: number, rowMs: number, powers: readonly number[], startWh = 3.2): Float64Array {
  let total = startWh;
  const shown = (): number => Math.floor(total / stepWh + 1e-9) * stepWh;
  const totals = [shown()];
  for (const power of powers) {
    total += (power * rowMs) / HOUR;
    totals.push(shown());
  }
  return Float64Array.from(totals);
}

const every = (ms: number, value: Float64Array): Differences =>
  registerDifferences({ at: Float64Array.from(value, (_, i) => i * ms), value }, 100_000);
const through = (stepWh: number, rowMs: number, powers: readonly number[]): Differences =>
  every(rowMs, counted(stepWh, rowMs, powers));
const constant = (power: number, rows: number): number[] => Array.from({ length: rows }, () => power);
/** Watt-hours up to each row. */
function energies({ at, value }: Differences): number[] {
  let sum = 0;
  return [...at].map((time, i) => {
    const before = sum;
    if (i + 1 < at.length) sum += ((value[i] ?? NaN) * ((at[i + 1] ?? NaN) - time)) / HOUR;
    return before;
  });
}
const known = (differences: Differences): number[] => [...differences.value].slice(0, -1);
const spread = (values: readonly number[]): [number, number] => [
  Math.round(Math.min(...values)),
  Math.round(Math.max(...values)),
];
const day = (...parts: readonly (readonly [power: number, rows: number])[]): number[] =>
  parts.flatMap(([power, rows]) => constant(power, rows));

test('steady power through a register in coarse steps is that power, not 0 W and spikes', () => {
  for (const [stepWh, power] of [
    [1, 25],
    [10, 100],
    [100, 500],
    [1_000, 400],
  ] as const) {
    const rows = (48 * HOUR) / (10 * SECOND);
    const [least, most] = spread(known(through(stepWh, 10 * SECOND, constant(power, rows))));
    // the file begins and ends within a step
    assert.ok(least >= power / 2 && most <= power * 1.5, `${stepWh} Wh: ${least} to ${most} W`);
    const inside = known(through(stepWh, 10 * SECOND, constant(power, rows))).slice(rows / 4, (rows * 3) / 4);
    assert.ok(
      spread(inside)[1] - spread(inside)[0] <= power / 10,
      `${stepWh} Wh: ${String(spread(inside))} W`,
    );
  }
});

test('what goes out is what the register rose by, at each row within one step', () => {
  const load = fc.tuple(fc.constantFrom(0, 3, 40, 120, 400, 2_000, 7_000), fc.integer({ min: 1, max: 300 }));
  const home = fc.record({
    stepWh: fc.constantFrom(0.1, 1, 10, 100, 1_000),
    rowMs: fc.constantFrom(SECOND, 10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE),
    loads: fc.array(load, { minLength: 1, maxLength: 12 }),
    startWh: fc.integer({ min: 0, max: 5_000 }),
  });
  fc.assert(
    fc.property(home, ({ stepWh, rowMs, loads, startWh }) => {
      // no load draws quite the same all the time
      const powers = day(...loads).map((power, i) => power * (1 + ((i * 7_919) % 97) / 1_000));
      const totals = counted(stepWh, rowMs, powers, startWh);
      // fewer do not show by how much it counts
      fc.pre(new Set(totals).size > 5);
      const differences = every(rowMs, totals);
      const out = energies(differences);
      // a few rises may all be of two steps
      const seenWh = Math.max(stepWh, countingOf({ at: differences.at, value: totals }).wh);
      assert.deepEqual([differences.refused, differences.resets], [0, 0]);
      assert.equal(out.length, totals.length);
      out.forEach((energy, i) => {
        const risen = (totals[i] ?? NaN) - (totals[0] ?? NaN);
        assert.ok(Math.abs(energy - risen) <= seenWh * 1.001, `${energy} of ${risen} Wh at ${i}`);
      });
      const risen = (totals.at(-1) ?? NaN) - (totals[0] ?? NaN);
      assert.ok(Math.abs((out.at(-1) ?? NaN) - risen) < 1e-5, `${out.at(-1)} of ${risen} Wh`);
      assert.ok(known(differences).every((power) => power >= 0 && power <= 100_000));
    }),
    { numRuns: 1_000 },
  );
});

test('a register that stands still for hours is at 0 W, and begins to count as fast as it goes on', () => {
  const powers = day([200, 360], [0, 3_600], [200, 720]);
  const watts = known(through(10, 10 * SECOND, powers));
  assert.ok(watts.slice(400, 3_900).every((power) => power === 0));
  assert.ok(Math.max(...watts) <= 400, String(Math.max(...watts)));
});

test('what is switched on shows at once, whatever the step before hid', () => {
  const watts = known(through(1, 10 * SECOND, day([60, 600], [2_000, 30], [60, 600])));
  assert.ok(Math.max(...watts.slice(0, 599)) < 120);
  assert.ok(Math.min(...watts.slice(601, 630)) >= 1_800);
  assert.ok(Math.max(...watts.slice(632)) < 120);
});

test('a register that is refreshed in its own time has the mean of that time', () => {
  const fine = counted(1, 10 * SECOND, constant(1_000, 90 * 40));
  const refreshed = fine.map((_, i) => fine[i - (i % 90)] ?? NaN);
  const [least, most] = spread(known(every(10 * SECOND, refreshed)));
  assert.ok(least >= 990 && most <= 1_010, `${least} to ${most} W`);
});

test('a step is no leap, however short the row is in which it is seen', () => {
  const { refused, resets } = through(1_000, SECOND, constant(3_000, 3 * 3_600));
  assert.deepEqual([refused, resets], [0, 0]);
  const leaps = counted(10, 10 * SECOND, constant(300, 2_000)).map((total, i) =>
    i < 1_000 ? total : total + 500_000,
  );
  assert.equal(every(10 * SECOND, leaps).resets, 1);
});

test('totals written on change, and those of a fine register, stay plain differences', () => {
  const totals = counted(10, 10 * SECOND, day([100, 900], [2_000, 90], [40, 900]));
  const changed = [...totals.keys()].filter((i) => i === 0 || totals[i] !== totals[i - 1]);
  const at = Float64Array.from(changed, (i) => i * 10 * SECOND);
  const quarters = counted(1, 15 * MINUTE, day([0, 40], [300, 20], [2, 60], [900, 9], [0, 40]));
  for (const values of [
    { at, value: Float64Array.from(changed, (i) => totals[i] ?? NaN) },
    { at: Float64Array.from(quarters, (_, i) => i * 15 * MINUTE), value: quarters },
  ]) {
    const plain = [...values.value.keys()].map((i) => {
      const rise = (values.value[i + 1] ?? NaN) - (values.value[i] ?? NaN);
      return (rise * HOUR) / ((values.at[i + 1] ?? NaN) - (values.at[i] ?? NaN));
    });
    assert.deepEqual([...registerDifferences(values, 100_000).value], plain);
  }
});

test('an outage keeps its own mean, and a missing total its gap', () => {
  const all = counted(10, 10 * SECOND, day([100, 1_000], [700, 1_000], [100, 1_000]));
  const kept = [...all.keys()].filter((i) => i < 1_003 || i > 1_997);
  const away = registerDifferences(
    {
      at: Float64Array.from(kept, (i) => i * 10 * SECOND),
      value: Float64Array.from(kept, (i) => all[i] ?? NaN),
    },
    100_000,
  );
  const outage = away.value[1_002] ?? NaN;
  const risen = (all[1_998] ?? NaN) - (all[1_002] ?? NaN);
  assert.equal(outage, (risen * HOUR) / (996 * 10 * SECOND));
  assert.ok(Math.max(...known(away).filter((_, i) => i !== 1_002)) <= 200);
  const missing = every(
    10 * SECOND,
    all.map((total, i) => (i === 500 ? NaN : total)),
  );
  assert.ok(Number.isNaN(missing.value[500]));
  assert.ok(
    Math.max(
      ...known(missing)
        .filter((power) => !Number.isNaN(power))
        .slice(0, 900),
    ) <= 200,
  );
});

test('a coarse register that starts anew is followed again, without a delta across', () => {
  const totals = counted(10, 10 * SECOND, constant(100, 2_000)).map(
    (total, i) => total + (i < 1_000 ? 50_000 : 0),
  );
  const { value, resets, refused } = every(10 * SECOND, totals);
  assert.deepEqual([resets, refused], [1, 0]);
  assert.equal([...value].filter((power) => Number.isNaN(power)).length, 2);
  assert.ok(Math.max(...[...value].filter((power) => !Number.isNaN(power))) <= 200);
});
