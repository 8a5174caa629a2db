import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '@lefton/core';
import { guessUnit, sensorKind, unitInName } from './unit-guess.ts';

/** The guess from totals an hour apart. */
const guessed = (totals: readonly number[]): string | undefined =>
  guessUnit('sensor.house_energy', {
    at: Float64Array.from(totals, (_, i) => i * HOUR),
    value: Float64Array.from(totals),
  });
/** A register of that base that rises by a step an hour for ten days, changed at some hours. */
const register = (base: number, step: number, changes: Readonly<Record<number, number>> = {}): number[] =>
  Array.from({ length: 240 }, (_, i) => changes[i] ?? base + i * step);

test('a register of kilowatt-hours stays one when some totals are 0, as after a restart', () => {
  assert.equal(guessed(register(13_423, 0.4)), 'kWh');
  assert.equal(guessed(register(13_423, 0.4, { 5: 0 })), 'kWh');
  assert.equal(guessed(register(13_423, 0.4, { 5: 0, 6: 0, 7: 0, 100: 0, 101: NaN, 102: 0.4 })), 'kWh');
});

test('a register of kilowatt-hours stays one when it leaps once, from a zero at the beginning, and back, or for good', () => {
  assert.equal(guessed(register(13_423, 0.4, { 0: 0 })), 'kWh');
  assert.equal(guessed(register(13_423, 0.4, { 50: 9_999_999, 51: 9_999_999 })), 'kWh');
  assert.equal(guessed(register(0, 0.4).map((total, i) => (i < 20 ? total : total + 13_423))), 'kWh');
});

test('a register of watt-hours is told from its rise, also when it starts anew every day', () => {
  assert.equal(guessed(register(13_423_000, 400, { 5: 0 })), 'Wh');
  assert.equal(guessed(register(0, 400).map((_, i) => (i % 24) * 400)), 'Wh');
  assert.equal(guessed(register(0, 0.4).map((_, i) => (i % 24) * 0.4)), 'kWh');
});

test('numbers that fall as often as they rise have no unit of their own', () => {
  assert.equal(guessed(register(0, 0).map((_, i) => 300 + (i % 2) * 50)), undefined);
});

test('the unit that a name ends with is taken by its prefix: megawatt-hours are a million watt-hours', () => {
  for (const [name, unit, scale] of [
    ['sensor.house_mwh', 'MWh', 1_000_000],
    ['sensor.house_kwh', 'kWh', 1_000],
    ['House (Wh)', 'Wh', 1],
    ['sensor.house_kw', 'kW', 1_000],
  ] as const) {
    assert.equal(unitInName(name), unit);
    assert.equal(sensorKind(unit, 'instant', 'import').scale, scale);
  }
});
