import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HOUR, MINUTE } from '../time.ts';
import { lengthAt, rarity, tailOf } from './tail.ts';

const minutes = (...lengths: number[]): number[] => lengths.map((length) => length * MINUTE);

test('a run no longer than the fourth longest is common, and each further stretch makes it e times rarer', () => {
  const tail = tailOf(minutes(60, 50, 45, 40, 30));
  const common = -Math.log((4 / 90) * 30);
  assert.equal(rarity(tail, 10 * MINUTE, 90), common);
  assert.equal(rarity(tail, 40 * MINUTE, 90), common);
  assert.ok(Math.abs(rarity(tail, 40 * MINUTE + tail.beta, 90) - common - 1) < 1e-12);
});

test('no tail is steeper than a quarter of an hour, or a seventh of where it begins', () => {
  assert.equal(tailOf(minutes(40, 40, 40, 40)).beta, 15 * MINUTE);
  assert.equal(tailOf(minutes(1000, 1000, 1000, 1000)).beta, 150 * MINUTE);
});

test('where no run ever began, a run is rare from its first hour on', () => {
  const none = tailOf([]);
  assert.ok(rarity(none, HOUR, 90) > 4);
  assert.equal(none.longest, 0);
});

test('the length at a rarity has that rarity, and longer is never more common', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 6 });
  fc.assert(
    fc.property(
      lengths,
      fc.double({ min: 0, max: 12, noNaN: true }),
      fc.integer({ min: 7, max: 365 }),
      (some, rare, days) => {
        const tail = tailOf(minutes(...some.sort((a, b) => b - a)));
        const length = lengthAt(tail, rare, days);
        if (length > tail.from) assert.ok(Math.abs(rarity(tail, length, days) - rare) < 1e-9);
        assert.ok(rarity(tail, length + HOUR, days) >= rarity(tail, length, days));
      },
    ),
  );
});
