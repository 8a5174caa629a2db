import { NO_EVENTS } from './event.ts';
import type { AnomalyEvent } from './event.ts';
import { eventOf } from './event-of.ts';
import type { MeterState } from './meter-state.ts';
import type { CompiledModel } from './model/compiled.ts';
import type { Policy } from './policy.ts';
import type { Instant } from './time.ts';

/** When a meter that stays quiet is silent; NaN before its first reading. A reading that still holds is no silence. */
export const silentFrom = (policy: Policy, state: MeterState): Instant =>
  state.newestReading + Math.max(policy.silentMs, 3 * state.cadence.stepMs, state.resampler.holdMs);

/** To be called now and then: a meter not heard for long is an event of its own. */
export function silence(
  model: CompiledModel,
  policy: Policy,
  state: MeterState,
  now: Instant,
): readonly AnomalyEvent[] {
  const newest = state.newestReading;
  if (!(now >= silentFrom(policy, state)) || !Number.isNaN(state.silentSince)) return NO_EVENTS;
  state.silentSince = newest;
  return [eventOf('meter_silent', model, policy, state, now, newest)];
}
