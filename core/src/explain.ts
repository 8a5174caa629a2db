import type { CompiledModel } from './compiled.ts';
import { lastHotOf } from './episode.ts';
import type { AnomalyEvent, AnomalyType } from './event.ts';
import { explainLeftOn } from './left-on/index.ts';
import type { MeterState } from './meter-state.ts';
import type { Instant } from './time.ts';
import { clockTime, duration, kilowatts } from './words.ts';

/** The reason of an event, from the home's own history. */
export type Why = Pick<AnomalyEvent, 'why' | 'longestMs'>;

/** Says why an event happened, in a sentence that the person can check against what they know of their home. */
export function whyOf(
  type: AnomalyType,
  model: CompiledModel,
  state: MeterState,
  at: Instant,
  since: Instant,
): Why {
  switch (type) {
    case 'meter_silent':
      return { why: `No reading since ${clockTime(model.zone, since, at)}.`, longestMs: null };
    case 'meter_back':
      return { why: `Nothing was heard for ${duration(at - since)}.`, longestMs: null };
    case 'closed':
      return { why: `It went on for ${duration(lastHotOf(state.episode) - since)}.`, longestMs: null };
    case 'opened':
    case 'still_on':
      return model.leftOn === null ? whyOfRange(model, state, at) : whyOfRun(model, state);
  }
}

function whyOfRange(model: CompiledModel, state: MeterState, at: Instant): Why {
  const range = model.expectedAt(at - 1);
  const hour = model.zone.hour(at - 1);
  if (!range.known) return { why: range.why, longestMs: null };
  const limits = `between ${kilowatts(range.low)} and ${kilowatts(range.high)}`;
  return {
    why: `${kilowatts(state.watts)} now; at ${hour}:00 it has always been ${limits}.`,
    longestMs: null,
  };
}

function whyOfRun(model: CompiledModel, state: MeterState): Why {
  if (model.leftOn === null) return { why: '', longestMs: null };
  const evidence = explainLeftOn(model.leftOn, state.leftOn);
  return { why: `above ${kilowatts(evidence.levelW)}`, longestMs: evidence.longestMs };
}
