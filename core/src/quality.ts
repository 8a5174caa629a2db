import type { Reading } from './reading.ts';
import { DAY, HOUR, isInstant, MINUTE } from './time.ts';
import type { Instant } from './time.ts';

/** Why a reading may or may not be scored and learned. Only `ok` is. */
export type Verdict =
  | 'ok'
  | 'not_finite'
  | 'out_of_bounds'
  | 'future'
  | 'duplicate'
  | 'repeated_clock'
  | 'out_of_order'
  | 'late'
  | 'register_backwards'
  | 'register_jump'
  | 'stale';

/** Every verdict, for counters that start at zero. */
export const VERDICTS: readonly Verdict[] = [
  'ok',
  'not_finite',
  'out_of_bounds',
  'future',
  'duplicate',
  'repeated_clock',
  'out_of_order',
  'late',
  'register_backwards',
  'register_jump',
  'stale',
];

/** What is physically or plausibly possible at this meter. */
export interface QualityLimits {
  /** No household fuse passes more than this, in either direction. */
  readonly mainFuseW: number;
  /** A reading ahead of the clock by more than this is in the future. */
  readonly futureMs: number;
  /** Older than the newest reading by more than this: late; by less: out of order. */
  readonly lateMs: number;
}

export const defaultLimits: QualityLimits = {
  mainFuseW: 100_000,
  futureMs: 5 * MINUTE,
  lateMs: 10 * MINUTE,
};

/** A register counts in kilowatt-hours at the coarsest: so much it may rise at once, in Wh, whatever the power. */
export const REGISTER_STEP_WH = 1_000;
/** So many readings in a row that agree with each other make a new register base (meter changed or reset). */
const REBASE_AFTER = 10;
/** Fewer identical readings than this are chance. */
export const FROZEN_READINGS = 15;

const AT = 0;
const WATTS = 1;
const REGISTER = 2;
const REGISTER_AT = 3;
const CANDIDATE = 4;
const CANDIDATE_AT = 5;
const AGREEING = 6;
const FLAT_WATTS = 7;
const FLAT_SINCE = 8;
const FLAT_COUNT = 9;
/** Slots of a Float64Array that the judgement of one meter keeps. */
export const QUALITY_SLOTS = 10;

/** Puts the slots into the state before the first reading. */
export function resetQuality(slots: Float64Array): void {
  slots.fill(NaN, 0, QUALITY_SLOTS);
}

/** Instant of the newest reading that was ok; NaN before the first. */
export const newestOk = (slots: Float64Array): Instant => slots[AT] ?? NaN;

/** What is wrong with a reading whatever the meter sent before; `ok` where nothing is. */
export function judgeAlone(
  { mainFuseW, futureMs }: QualityLimits,
  { at, watts }: Reading,
  now: Instant,
): 'ok' | 'not_finite' | 'out_of_bounds' | 'future' {
  if (!Number.isFinite(watts) || !isInstant(at)) return 'not_finite';
  if (Math.abs(watts) > mainFuseW) return 'out_of_bounds';
  return at > now + futureMs ? 'future' : 'ok';
}

/** What a person is told of a power that is out of bounds; the bound is the setting `main_fuse_w`. */
export const beyondMains = (mainFuseW: number): string =>
  `the mains give ${mainFuseW} W: look at its unit; main_fuse_w says what they give`;

/**
 * Judges a reading against what this meter sent before, and remembers it if it is ok.
 * Allocates nothing.
 * @param frozenMs the same watts for this long is a frozen meter; null for meters that repeat themselves anyway
 * @param now the caller's clock; Infinity where there is none (files)
 */
export function judge(
  limits: QualityLimits,
  frozenMs: number | null,
  slots: Float64Array,
  reading: Reading,
  now: Instant,
): Verdict {
  const { at, watts, energyWh, hour } = reading;
  const alone = judgeAlone(limits, reading, now);
  if (alone !== 'ok') return alone;
  let last = slots[AT] ?? NaN;
  // a clock that was ahead has been put right: what was ahead must not make the meter deaf
  if (last > now + limits.futureMs) last = NaN;
  // who tells the hour has no clock: at is when the topic took it, and many may be taken at once
  if (at === last && hour === undefined) return watts === slots[WATTS] ? 'duplicate' : 'repeated_clock';
  if (at < last) return at < last - limits.lateMs ? 'late' : 'out_of_order';
  if (energyWh !== null) {
    const verdict = judgeRegister(limits, slots, energyWh, at);
    if (verdict !== 'ok') return verdict;
  }
  if (frozenMs !== null && isFrozen(frozenMs, slots, reading)) return 'stale';
  slots[AT] = at;
  slots[WATTS] = watts;
  return 'ok';
}

function judgeRegister(limits: QualityLimits, slots: Float64Array, energy: number, at: Instant): Verdict {
  if (!Number.isFinite(energy)) return 'not_finite';
  const verdict = compareRegister(limits, slots[REGISTER] ?? NaN, slots[REGISTER_AT] ?? NaN, energy, at);
  if (verdict !== 'ok' && !agrees(limits, slots, energy, at)) return verdict;
  // the base before this one stays agreed on: should this value be wrong, the next true one goes back to it
  slots[CANDIDATE] = slots[REGISTER] ?? NaN;
  slots[CANDIDATE_AT] = slots[REGISTER_AT] ?? NaN;
  slots[AGREEING] = REBASE_AFTER - 1;
  slots[REGISTER] = energy;
  slots[REGISTER_AT] = at;
  return 'ok';
}

/** A register that counts on from a new base is believed after a while: no single wrong value moves the base. */
function agrees(limits: QualityLimits, slots: Float64Array, energy: number, at: Instant): boolean {
  const candidate = slots[CANDIDATE] ?? NaN;
  const candidateAt = slots[CANDIDATE_AT] ?? NaN;
  const consistent =
    !Number.isNaN(candidate) && compareRegister(limits, candidate, candidateAt, energy, at) === 'ok';
  const agreeing = consistent ? (slots[AGREEING] ?? 0) + 1 : 1;
  slots[AGREEING] = agreeing;
  slots[CANDIDATE] = energy;
  slots[CANDIDATE_AT] = at;
  return agreeing >= REBASE_AFTER;
}

function compareRegister(
  limits: QualityLimits,
  base: number,
  baseAt: Instant,
  energy: number,
  at: Instant,
): Verdict {
  if (Number.isNaN(base)) return 'ok';
  if (energy < base) return 'register_backwards';
  const possible = (limits.mainFuseW * (at - baseAt)) / HOUR + REGISTER_STEP_WH;
  return energy - base > possible ? 'register_jump' : 'ok';
}

function isFrozen(frozenMs: number, slots: Float64Array, { watts, at }: Reading): boolean {
  // after a long gap a flat stretch begins anew
  if (watts !== slots[FLAT_WATTS] || at - (slots[AT] ?? at) > DAY) {
    slots[FLAT_WATTS] = watts;
    slots[FLAT_SINCE] = at;
    slots[FLAT_COUNT] = 1;
    return false;
  }
  const count = (slots[FLAT_COUNT] ?? 0) + 1;
  slots[FLAT_COUNT] = count;
  return count >= FROZEN_READINGS && at - (slots[FLAT_SINCE] ?? at) >= frozenMs;
}
