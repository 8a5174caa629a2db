import { HOUR } from '@lefton/core';
import type { Unit } from '../options.ts';
import type { Clock, TrackKind } from '../power/track.ts';
import type { Values } from '../power/chronology.ts';

const BY_SUFFIX = /[\s._(-](mwh|kwh|wh|kw|w|watts?)\)?$/i;
const SUFFIXES: Readonly<Record<string, Unit>> = {
  mwh: 'MWh',
  kwh: 'kWh',
  wh: 'Wh',
  kw: 'kW',
  w: 'W',
  watt: 'W',
  watts: 'W',
};
/** W or Wh per unit. */
const SCALES: Readonly<Record<Unit, number>> = { W: 1, kW: 1_000, Wh: 1, kWh: 1_000, MWh: 1_000_000 };
const POWER_NAMES = /power|watt|leistung|vermogen|puissance|potenza/i;

/** A kilowatt value above this would be no home; a home's watts reach it within a day. */
const LARGEST_KW = 100;
/** A register in kWh that runs faster than this is one in Wh. */
const FASTEST_REGISTER_W = 20_000;
/** A register rises; a power that never falls for so many steps is one too. */
const RISES = 12;

/** The unit that a sensor's name ends with, for example `sensor.house_kwh`. */
export function unitInName(name: string): Unit | undefined {
  return SUFFIXES[BY_SUFFIX.exec(name)?.[1]?.toLowerCase() ?? ''];
}

/** The unit that numbers without one can only have, or undefined when that is open to doubt. */
export function guessUnit(name: string, numbers: Values): Unit | undefined {
  const { largest, slope, register } = survey(numbers);
  if (POWER_NAMES.test(name)) return !register && largest > LARGEST_KW ? 'W' : undefined;
  if (!register) return undefined;
  return slope * 1_000 > FASTEST_REGISTER_W ? 'Wh' : 'kWh';
}

/** True when numbers rise as only the totals of a register do. */
export const isRegister = (numbers: Values): boolean => survey(numbers).register;

/** A sensor of this unit: watts are power, watt-hours are the total of a register. */
export function sensorKind(unit: Unit, clock: Clock, direction: 'import' | 'export'): TrackKind {
  const quantity = unit === 'W' || unit === 'kW' ? 'power' : 'register';
  return { quantity, clock, scale: SCALES[unit], direction };
}

function survey({ at, value }: Values): { register: boolean; largest: number; slope: number } {
  let [rises, falls, largest, last, peak] = [0, 0, 0, NaN, -Infinity];
  let [risen, time, lastAt] = [0, 0, NaN];
  /** The longest step up: it may be from a zero at the beginning, to a total that is none, or to that of another meter. */
  const leap = { height: 0, time: 0 };
  value.forEach((number, i) => {
    if (Number.isNaN(number)) return;
    const step = Math.abs((at[i] ?? 0) - lastAt);
    if (number > last) {
      rises += 1;
      // the way back to a total that was there before is no energy
      const height = number - (number >= peak ? peak : last);
      risen += height;
      if (height > leap.height) [leap.height, leap.time] = [height, step];
    }
    if (number < last) falls += 1;
    if (step > 0) time += step;
    peak = Math.max(peak, number);
    largest = Math.max(largest, Math.abs(number));
    [last, lastAt] = [number, at[i] ?? 0];
  });
  const slope = ((risen - leap.height) * HOUR) / (time - leap.time);
  return { register: rises >= RISES && falls * 20 <= rises, largest, slope };
}
