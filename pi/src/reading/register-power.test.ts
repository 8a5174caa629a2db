import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wattHours } from '@lefton/core';
import type { Telegram } from '../meter.ts';
import { RegisterPower } from './register-power.ts';

const telegram = (energyWh: number | null, exportWh: number | null = null): Telegram => ({
  meter: null,
  watts: null,
  energyWh: energyWh === null ? null : wattHours(energyWh),
  exportWh: exportWh === null ? null : wattHours(exportWh),
  toldAt: null,
  apparentVa: 550,
});
/** A register of whole watt-hours at a constant power, told every two seconds. */
const registerAt = (ms: number, watts: number, startWh = 1_000_000): number =>
  startWh + Math.floor((watts * ms) / 3_600_000);

test('needs 46: 550 VA are told as the 470 W by which the register rises', () => {
  const power = new RegisterPower();
  const told: number[] = [];
  for (let at = 0; at <= 1_800_000; at += 2_000) {
    const watts = power.push(at, telegram(registerAt(at, 470)));
    if (watts !== null) told.push(watts);
  }
  assert.ok(told.length >= 25);
  // one telegram late at either end of a minute
  for (const watts of told) assert.ok(Math.abs(watts - 470) < 470 * 0.04, String(watts));
  assert.ok(Math.abs(told.reduce((sum, watts) => sum + watts, 0) / told.length - 470) < 3);
});

test('needs 47: a home that exports more than it draws has negative power', () => {
  const power = new RegisterPower();
  const told: number[] = [];
  for (let at = 0; at <= 600_000; at += 2_000) {
    const watts = power.push(at, telegram(5_000_000, registerAt(at, 1_569)));
    if (watts !== null) told.push(watts);
  }
  assert.ok(told.length >= 8);
  for (const watts of told) assert.ok(Math.abs(watts + 1_569) < 100, String(watts));
});

test('before a first mean is known a register that stands still tells only what is next to nothing', () => {
  const power = new RegisterPower();
  const told: (number | null)[] = [];
  for (let at = 0; at <= 900_000; at += 2_000)
    told.push(power.push(at, telegram(1_000 + (at >= 4_000 ? 1 : 0))));
  const said = told.filter((watts) => watts !== null);
  assert.ok(said.length >= 5);
  for (const watts of said) assert.ok(watts > 0 && watts <= 10, String(watts));
  assert.ok((said.at(-1) ?? NaN) < 4.5);
});

test('needs 30 and 31: a register that reads 0 once, or leaps, is passed over', () => {
  for (const strange of [0, 53_700_000_000]) {
    const power = new RegisterPower();
    const told: number[] = [];
    for (let at = 0; at <= 600_000; at += 2_000) {
      const wh = at === 300_000 ? strange : registerAt(at, 1_000, 13_423_700);
      const watts = power.push(at, telegram(wh));
      if (watts !== null) told.push(watts);
    }
    assert.ok(told.length >= 8);
    for (const watts of told) assert.ok(Math.abs(watts - 1_000) < 60, String(watts));
  }
});

test('needs 27: nothing is told across a gap', () => {
  const power = new RegisterPower();
  for (let at = 0; at <= 30_000; at += 2_000) power.push(at, telegram(registerAt(at, 1_000)));
  const told: number[] = [];
  for (let at = 3_600_000; at <= 3_900_000; at += 2_000) {
    const watts = power.push(at, telegram(registerAt(at, 1_000)));
    if (watts !== null) told.push(watts);
  }
  assert.ok(told.length >= 3);
  for (const watts of told) assert.ok(Math.abs(watts - 1_000) < 60, String(watts));
});

test('telegrams without a register say nothing', () => {
  const power = new RegisterPower();
  assert.deepEqual([power.push(0, telegram(null)), power.push(120_000, telegram(null))], [null, null]);
});
