import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HOUR, MINUTE } from '../time.ts';
import { lengthAt, rarity, tailOf } from './tail.ts';

const minutes = (...lengths: number[]): number[] => lengths.map((length) => length * MINUTE);

test('a run no longer than the fourth longest is common, and longer ones are rarer by their multiple of it', () => {
  const tail = tailOf(minutes(60, 50, 45, 40, 30));
  const common = -Math.log((4 / 90) * 30);
  assert.equal(rarity(tail, 10 * MINUTE, 90), common);
  assert.equal(rarity(tail, 40 * MINUTE, 90), common);
  const rarer = (0.85 * Math.log(2)) / tail.index + (0.15 * 40 * MINUTE) / tail.beta;
  assert.ok(Math.abs(rarity(tail, 80 * MINUTE, 90) - common - rarer) < 1e-12);
});

test('a home whose longest runs differ much has a longer tail than one whose longest are alike', () => {
  const alike = tailOf(minutes(42, 41, 40, 40));
  const differing = tailOf(minutes(160, 80, 60, 40));
  assert.ok(alike.index < 0.3 && differing.index > 0.3);
  assert.ok(lengthAt(alike, 5, 90) < lengthAt(differing, 5, 90));
});

test('no tail begins before 20 minutes, and no exponential is steeper than a quarter of an hour', () => {
  const tail = tailOf(minutes(5, 4, 3, 2));
  assert.equal(tail.from, 20 * MINUTE);
  assert.equal(tail.longest, 5 * MINUTE);
  assert.equal(tail.beta, 15 * MINUTE);
  assert.equal(tailOf(minutes(1000, 1000, 1000, 1000)).beta, 150 * MINUTE);
});

test('where no run ever began, a run is rare from its first hour on', () => {
  const none = tailOf([]);
  assert.ok(rarity(none, HOUR, 90) > 4);
  assert.equal(none.longest, 0);
});

test('the length at a rarity has that rarity to the second, and longer is never more common', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 6 });
  fc.assert(
    fc.property(
      lengths,
      fc.double({ min: 0, max: 12, noNaN: true }),
      fc.integer({ min: 7, max: 365 }),
      (some, rare, days) => {
        const tail = tailOf(minutes(...some.sort((a, b) => b - a)));
        const length = lengthAt(tail, rare, days);
        assert.ok(length >= tail.from && rarity(tail, length, days) >= rare - 1e-9);
        if (length > tail.from + 1000) assert.ok(rarity(tail, length - 1000, days) < rare);
        assert.ok(rarity(tail, length + HOUR, days) >= rarity(tail, length, days));
      },
    ),
  );
});
