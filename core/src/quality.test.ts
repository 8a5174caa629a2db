import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultLimits, judge, QUALITY_SLOTS, resetQuality } from './quality.ts';
import type { Verdict } from './quality.ts';
import { HOUR, MINUTE } from './time.ts';
import { wattHours, watts } from './units.ts';

const START = Date.UTC(2026, 0, 10);

/** Judges [minutes, watts, register in Wh] in turn. */
function verdicts(
  rows: readonly (readonly [number, number, number?])[],
  frozenMs: number | null = null,
  now = Infinity,
): Verdict[] {
  const slots = new Float64Array(QUALITY_SLOTS);
  resetQuality(slots);
  return rows.map(([minute, power, register]) => {
    const energyWh = register === undefined ? null : wattHours(register);
    const reading = { meter: 'm', at: START + minute * MINUTE, watts: watts(power), energyWh, source: '' };
    return judge(defaultLimits, frozenMs, slots, reading, now);
  });
}

test('a value that is no number, and a power that no fuse passes, are not ok and change nothing', () => {
  assert.deepEqual(
    verdicts([
      [0, NaN],
      [0, Infinity],
      [0.00001, 5],
      [0, 150_000],
      [0, -150_000],
      [0, 300],
    ]),
    ['not_finite', 'not_finite', 'not_finite', 'out_of_bounds', 'out_of_bounds', 'ok'],
  );
});

test('time running backwards is a duplicate, a repeated clock, out of order or late', () => {
  assert.deepEqual(
    verdicts([
      [60, 300],
      [60, 300],
      [60, 301],
      [55, 300],
      [30, 300],
      [61, 300],
    ]),
    ['ok', 'duplicate', 'repeated_clock', 'out_of_order', 'late', 'ok'],
  );
});

test('a reading from the future does not hold up the present', () => {
  assert.deepEqual(
    verdicts(
      [
        [0, 300],
        [60, 300],
        [1, 300],
      ],
      null,
      START + MINUTE,
    ),
    ['ok', 'future', 'ok'],
  );
});

test('needs 30: a register that reads zero once is ignored and moves no base', () => {
  assert.deepEqual(
    verdicts([
      [0, 300, 13_423_700],
      [1, 300, 0],
      [2, 300, 13_423_800],
    ]),
    ['ok', 'register_backwards', 'ok'],
  );
});

test('needs 31: a register may not gain more than the fuse could have passed', () => {
  assert.deepEqual(
    verdicts([
      [0, 300, 0],
      [1, 300, 15_508_500],
      [2, 300, 10],
    ]),
    ['ok', 'register_jump', 'ok'],
  );
});

test('needs 32: a meter that repeats its clock and register gives a gap, then goes on', () => {
  const repeated = verdicts([
    [0, 300, 109_554_016],
    [0, 300, 109_554_016],
    [120, 300, 109_562_072],
  ]);
  assert.deepEqual(repeated, ['ok', 'duplicate', 'ok']);
});

test('a register that was reset or rolled over is believed after ten readings that agree', () => {
  const rows = [
    [0, 300, 999_999_000] as const,
    ...Array.from({ length: 12 }, (_, i) => [i + 1, 300, i * 5] as const),
  ];
  const judged = verdicts(rows);
  assert.deepEqual(judged.slice(1, 10), Array<Verdict>(9).fill('register_backwards'));
  assert.deepEqual(judged.slice(10), ['ok', 'ok', 'ok']);
});

const register = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.double({ min: 0, max: 1, noNaN: true })), {
    minLength: 14,
    maxLength: 40,
  })
  .map((steps) => {
    let [minute, total] = [0, 5_000];
    // at most 20 kW, far from what the fuse passes
    return steps.map(
      ([wait, share]) => [(minute += wait), 300, (total += (20_000 * share * wait) / 60)] as const,
    );
  });

test('one wrong register value costs no other reading', () => {
  fc.assert(
    fc.property(register, fc.nat(), fc.double({ min: 0, max: 20_000, noNaN: true }), (rows, place, wrong) => {
      // before the first value nothing is known, so the first cannot be told from a true one
      const i = 1 + (place % (rows.length - 1));
      const judged = verdicts(rows.map((row, j) => (j === i ? [row[0], row[1], wrong] : row)));
      assert.deepEqual(
        judged.filter((verdict, j) => verdict !== 'ok' && j !== i),
        [],
      );
    }),
  );
});

test('a register that starts anew is believed after ten readings at most, wherever that happens', () => {
  fc.assert(
    fc.property(register, fc.nat(), (rows, place) => {
      const i = place % (rows.length - 10);
      const base = rows[i]?.[2] ?? NaN;
      const judged = verdicts(rows.map((row, j) => (j < i ? row : [row[0], row[1], row[2] - base])));
      assert.deepEqual(
        judged.slice(i + 9).filter((verdict) => verdict !== 'ok'),
        [],
      );
    }),
  );
});

test('a meter that sends one value for long is stale, but only where it does not repeat itself anyway', () => {
  const flat = Array.from({ length: 20 }, (_, i) => [i, 154.6] as const);
  assert.equal(verdicts(flat, 15 * MINUTE).filter((verdict) => verdict === 'stale').length, 5);
  assert.equal(verdicts(flat, null).filter((verdict) => verdict === 'stale').length, 0);
  assert.deepEqual(verdicts([...flat, [20, 155]], 15 * MINUTE).at(-1), 'ok');
});

test('a stretch of one value is not counted over a day without readings', () => {
  const rows = [...Array.from({ length: 14 }, (_, i) => [i, 200] as const), [40 * 60, 200] as const];
  assert.equal(verdicts(rows, HOUR / 4).at(-1), 'ok');
});
