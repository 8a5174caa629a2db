import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statedUnit } from './stated-unit.ts';

test('units of power and energy are known by their prefix, in whatever case the rest is written', () => {
  for (const [text, quantity, scale] of [
    ['W', 'power', 1],
    ['kW', 'power', 1_000],
    ['MW', 'power', 1_000_000],
    ['Wh', 'energy', 1],
    [' kWh ', 'energy', 1_000],
    ['KWH', 'energy', 1_000],
    ['MWh', 'energy', 1_000_000],
  ] as const)
    assert.deepEqual(statedUnit(text), { name: text.trim(), quantity, scale });
});

test('a small m is not mega, and what is neither power nor energy is no unit here', () => {
  for (const text of ['mW', 'mWh', 'GJ', 'VA', '°C', 'm³', '', 'kWatt'])
    assert.equal(statedUnit(text), undefined, text);
});
