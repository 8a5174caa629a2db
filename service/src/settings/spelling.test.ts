import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './spelling.ts';

const KNOWN = ['token', 'tail', 'model', 'price_per_kwh', 'retention_days'];

test('a letter too many, too few, another or swapped is understood', () => {
  for (const [written, meant] of [
    ['price_per_kwhh', 'price_per_kwh'],
    ['tokn', 'token'],
    ['mopel', 'model'],
    ['tial', 'tail'],
    ['retention_day', 'retention_days'],
    ['model', 'model'],
  ] as const)
    assert.equal(nearest(written, KNOWN), meant, written);
});

test('another word is not taken for a known one', () => {
  for (const word of ['colour', 'host', '', 'x']) assert.equal(nearest(word, KNOWN), undefined, word);
});
