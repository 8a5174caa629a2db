import type { CompiledModel } from './compiled.ts';
import { HOUR, MINUTE } from './time.ts';
import type { Instant } from './time.ts';

/** Mean watts from the onset of an episode until it opened, and what was drawn since: watts times ms, and known ms. */
const MEAN_BEFORE = 0;
const DRAWN = 1;
const KNOWN_MS = 2;
/** Slots of a Float64Array that the mean power of an episode is in. */
export const MEAN_POWER_SLOTS = 3;

/** Usual power changes at quarters of an hour at the most. */
const QUARTER = 15 * MINUTE;

/** Puts the slots into the state before the first episode. */
export function resetMeanPower(slots: Float64Array): void {
  slots.fill(NaN, 0, MEAN_POWER_SLOTS);
}

/**
 * Begins with what is known when an episode opens: usual power of that time, and the energy above it.
 * @param excessWh energy above usual since the onset
 */
export function beginMeanPower(
  slots: Float64Array,
  model: CompiledModel,
  since: Instant,
  at: Instant,
  excessWh: number,
): void {
  let usual = 0;
  for (let from = since; from < at; from += QUARTER)
    usual += model.usualAt(from) * Math.min(QUARTER, at - from);
  slots[MEAN_BEFORE] = at > since ? (usual + excessWh * HOUR) / (at - since) : 0;
  slots[DRAWN] = 0;
  slots[KNOWN_MS] = 0;
}

/** Adds power that was drawn while the episode was open. */
export function addMeanPower(slots: Float64Array, watts: number, ms: number): void {
  slots[DRAWN] = (slots[DRAWN] ?? NaN) + watts * ms;
  slots[KNOWN_MS] = (slots[KNOWN_MS] ?? NaN) + ms;
}

/** Mean watts since the onset, gaps left out; NaN where it is not known. @param beforeMs from the onset until it opened */
export function meanPowerOf(slots: Float64Array, beforeMs: number): number {
  const [before, drawn, knownMs] = [slots[MEAN_BEFORE] ?? NaN, slots[DRAWN] ?? NaN, slots[KNOWN_MS] ?? NaN];
  return (before * beforeMs + drawn) / (beforeMs + knownMs);
}
