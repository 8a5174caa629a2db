import { wattHours, watts } from '@lefton/core';
import type { Telegram } from '../meter.ts';

/** Where a power and a register stand in JSON, and in which unit: nothing is guessed from how large a number is. */
export interface JsonPlace {
  /** Keys and positions with dots, such as `ENERGY.Power` or `emeters.0.power`; null: one of the shapes known here. */
  readonly path: string | null;
  readonly unit: PowerUnit;
}

/** W, kW; VA is no active power; Wh and kWh are registers. */
export type PowerUnit = 'W' | 'kW' | 'VA' | 'Wh' | 'kWh';
export const POWER_UNITS: readonly PowerUnit[] = ['W', 'kW', 'VA', 'Wh', 'kWh'];

type Json = Readonly<Record<string, unknown>>;
/** Power in W, and an import register in Wh where there is one. */
type Told = readonly [power: number, energyWh: number | null];

/** Reports around what is looked for; real ones are two. */
const DEEPEST = 4;
const NOTHING: Telegram = {
  ...{ meter: null, watts: null, energyWh: null, exportWh: null, toldAt: null, apparentVa: null },
};

/** What a number in a unit says. */
export function telegramOf(value: number, unit: PowerUnit): Telegram {
  switch (unit) {
    case 'W':
      return { ...NOTHING, watts: watts(value) };
    case 'kW':
      return { ...NOTHING, watts: watts(value * 1_000) };
    case 'VA':
      return { ...NOTHING, apparentVa: value };
    case 'Wh':
      return { ...NOTHING, energyWh: wattHours(value) };
    case 'kWh':
      return { ...NOTHING, energyWh: wattHours(value * 1_000) };
  }
}

/** What a payload tells; undefined for one that tells no power: a gap, and never 0 W. */
export function jsonTelegram(payload: string, { path, unit }: JsonPlace): Telegram | undefined {
  const json = parsed(payload);
  if (path !== null) {
    const value = numberOf(valueAt(json, path));
    return value === undefined ? undefined : telegramOf(value, unit);
  }
  const bare = numberOf(json);
  if (bare !== undefined) return telegramOf(bare, unit);
  const told = shapeOf(json);
  if (told === undefined) return undefined;
  const [power, energy] = told;
  return { ...NOTHING, watts: watts(power), energyWh: energy === null ? null : wattHours(energy) };
}

/** The shapes of Tasmota, Shelly (first and later generations), HomeWizard (version 1 of its local API) and Zigbee2MQTT. */
function shapeOf(json: unknown, depth = 0): Told | undefined {
  if (!isObject(json) || depth > DEEPEST) return undefined;
  const { ENERGY, StatusSNS, params, emeters, meters, aenergy } = json;
  // a report of the device around what is looked for
  for (const inner of [StatusSNS, params]) if (isObject(inner)) return shapeOf(inner, depth + 1);
  if (isObject(ENERGY)) return summed(ENERGY.Power, ENERGY.Total, 1_000);
  for (const each of [emeters, meters]) if (Array.isArray(each)) return shellySum(each);
  for (const part of ['em:0', 'em1:0', 'pm1:0', 'switch:0', 'cover:0'])
    if (isObject(json[part])) return shapeOf(json[part], depth + 1);
  if (json.is_valid === false || json.errors !== undefined) return undefined;
  if (json.active_power_w !== undefined)
    return summed(json.active_power_w, json.total_power_import_kwh, 1_000);
  const power = numberOf(json.total_act_power ?? json.act_power ?? json.apower ?? json.power);
  if (power === undefined) return undefined;
  if (isObject(aenergy)) return [power, numberOf(aenergy.total) ?? null];
  // Zigbee2MQTT counts in kWh
  const energy = numberOf(json.energy);
  return [power, energy === undefined ? null : energy * 1_000];
}

/** A number, or one for each phase: all of them or none. */
function summed(power: unknown, total: unknown, unitWh: number): Told | undefined {
  const [watts, energy] = [power, total].map((value) => {
    const each = Array.isArray(value) ? value.map(numberOf) : [numberOf(value)];
    return each.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0);
  });
  return watts === undefined ? undefined : [watts, energy === undefined ? null : energy * unitWh];
}

/** The phases of a first Shelly; one that is not valid makes the sum so. */
function shellySum(phases: readonly unknown[]): Told | undefined {
  const known = phases.filter(isObject);
  if (known.length === 0 || known.some(({ is_valid }) => is_valid === false)) return undefined;
  return summed(
    known.map(({ power }) => power),
    undefined,
    1,
  );
}

/** What stands at a path of keys and positions with dots; undefined where nothing does. */
export function valueAt(json: unknown, path: string): unknown {
  let value = json;
  for (const key of path.split('.')) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Numbers, and texts that are nothing but one; 'unavailable' and '' are none. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'string' && /^\s*[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?\s*$/i.test(value))
    return numberOf(Number(value));
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A payload as JSON; as text where it is none. */
export function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}
