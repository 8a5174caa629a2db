import { REGISTER_STEP_WH } from '@lefton/core';
import type { Values } from './chronology.ts';
import { Packed } from './packed.ts';

/** So many steps show by how much a register counts; a total off its grid spoils only the ones beside it. */
const TOGETHER = 16;
/** Fewer show nothing. */
const LEAST_STEPS = 3;
/** So many steps show that a register is refreshed in its own time. */
const LEAST_REFRESHES = 12;
/** How many of them come after the register stood still, and how many of those about as long after the step before. */
const MOST_STOOD = 0.95;
const MOST_ALIKE = 2 / 3;
/** A register that is refreshed in its own time may be late by a quarter of it. */
export const PATIENCE = 1.25;
/** Differences of kilowatt-hours are not exact; registers count in no smaller parts. */
const MILLI = 1_000;

/** How a register counts. */
export interface Counting {
  /** Watt-hours by which it counts; 0 where too few steps tell. */
  readonly wh: number;
  /** How far apart steps come where not the energy but the register's own clock decides; else 0. */
  readonly refreshMs: number;
}

/** One rise of a register. */
interface Step {
  readonly wh: number;
  /** Since the step before. */
  readonly ms: number;
  /** It had been seen to stand still. */
  readonly stood: boolean;
}

/** A rise in whole thousandths of a watt-hour, as watt-hours; 0 where a register stands still. */
export const wholeMilli = (wh: number): number => Math.round(wh * MILLI) / MILLI;

/** Learns from all totals, in Wh and NaN where missing, how their register counts. */
export function countingOf(totals: Values): Counting {
  const wh = resolutionOf(totals);
  return { wh, refreshMs: wh > 0 ? refreshOf(totals, wh) : 0 };
}

/** The largest part of a kilowatt-hour that all steps beside each other are multiples of. */
function resolutionOf(totals: Values): number {
  const parts = new Packed();
  let [steps, part] = [0, REGISTER_STEP_WH * MILLI];
  for (const { wh } of stepsOf(totals)) {
    part = commonPart(Math.round(wh * MILLI), part);
    steps += 1;
    if (steps % TOGETHER !== 0) continue;
    parts.push(part);
    part = REGISTER_STEP_WH * MILLI;
  }
  if (steps < LEAST_STEPS) return 0;
  if (steps < TOGETHER) parts.push(part);
  return median(parts.view()) / MILLI;
}

/** Steps of several parts at once that nearly always come after a standstill of the same length. */
function refreshOf(totals: Values, part: number): number {
  const isMultiple = ({ wh }: Step): boolean => wh >= 1.5 * part;
  let [all, stood] = [0, 0];
  for (const step of stepsOf(totals)) {
    if (!isMultiple(step)) continue;
    all += 1;
    if (step.stood) stood += 1;
  }
  if (all < LEAST_REFRESHES || stood < all * MOST_STOOD) return 0;
  const times = new Packed();
  for (const step of stepsOf(totals)) if (isMultiple(step)) times.push(step.ms);
  const usual = median(times.view());
  const alike = times.view().filter((ms) => ms <= usual * PATIENCE && ms >= usual / PATIENCE);
  return alike.length >= all * MOST_ALIKE ? usual : 0;
}

function* stepsOf({ at, value }: Values): Generator<Step, void> {
  let [last, lastAt, stepAt] = [NaN, NaN, NaN];
  for (let i = 0; i < at.length; i++) {
    const [total, now] = [value[i] ?? NaN, at[i] ?? NaN];
    if (Number.isNaN(total)) continue;
    const wh = wholeMilli(total - last);
    if (wh > 0) yield { wh, ms: now - stepAt, stood: lastAt > stepAt };
    if (wh !== 0) stepAt = now;
    [last, lastAt] = [total, now];
  }
}

function commonPart(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

function median(values: Float64Array): number {
  values.sort();
  return values[Math.floor((values.length - 1) / 2)] ?? NaN;
}
