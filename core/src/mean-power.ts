import type { CompiledModel } from './model/compiled.ts';
import type { Excess } from './excess.ts';
import { HOUR, MINUTE } from './time.ts';
import type { Instant } from './time.ts';

/** What was drawn since the onset of an episode, watts times ms, and of how many ms that is known. */
const DRAWN = 0;
const KNOWN_MS = 1;
/** Slots of a Float64Array that the mean power of an episode is in. */
export const MEAN_POWER_SLOTS = 2;

/** Usual power changes at quarters of an hour, and no more often. */
const QUARTER = 15 * MINUTE;

/** Puts the slots into the state before the first episode. */
export function resetMeanPower(slots: Float64Array): void {
  slots.fill(NaN, 0, MEAN_POWER_SLOTS);
}

/** Begins with what was drawn before an episode opened, watts times ms. */
export function beginMeanPower(slots: Float64Array, drawn: number, knownMs: number): void {
  slots[DRAWN] = drawn;
  slots[KNOWN_MS] = knownMs;
}

/** What was drawn in the known part of a stretch, watts times ms: usual power and what was above it. */
export function drawnIn(model: CompiledModel, from: Instant, { wh, knownMs, upTo: to }: Excess): number {
  if (!(to > from)) return 0;
  let usual = 0;
  for (let at = from; at < to; at += QUARTER) usual += model.usualAt(at) * Math.min(QUARTER, to - at);
  return (usual / (to - from)) * knownMs + wh * HOUR;
}

/** Adds power that was drawn while the episode was open. */
export function addMeanPower(slots: Float64Array, watts: number, ms: number): void {
  slots[DRAWN] = (slots[DRAWN] ?? NaN) + watts * ms;
  slots[KNOWN_MS] = (slots[KNOWN_MS] ?? NaN) + ms;
}

/** Mean watts since the onset, gaps and a stretch at the end left out; NaN where it is not known. */
export const meanPowerOf = (slots: Float64Array, drawnAfter: number, knownAfterMs: number): number =>
  ((slots[DRAWN] ?? NaN) - drawnAfter) / ((slots[KNOWN_MS] ?? NaN) - knownAfterMs);
