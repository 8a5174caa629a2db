import type { CompiledModel } from './compiled.ts';
import { lastHotOf } from './episode.ts';
import type { AnomalyEvent, AnomalyType } from './event.ts';
import { explainLeftOn } from './left-on/index.ts';
import type { LeftOnEvidence } from './left-on/index.ts';
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
  const evidence = model.leftOn === null ? undefined : explainLeftOn(model.leftOn, state.leftOn);
  if (evidence === undefined) return { why: '', longestMs: null };
  const { longestMs, lengthMs, since } = evidence;
  const within = `In ${Math.round(evidence.days)} days`;
  const around = `around ${model.zone.hour(since)}:00`;
  const what = nothing(evidence);
  if (longestMs === 0) return { why: `${within} ${what} began ${around}.`, longestMs };
  const lasted = `${what} that began ${around} lasted longer than ${duration(longestMs)}`;
  return {
    why: longestMs < lengthMs ? `${within} ${lasted}.` : `${within} hardly anything like it lasted as long.`,
    longestMs,
  };
}

/** What the history has not seen, as the subject of a sentence. */
function nothing({ kind, watts, baseW }: LeftOnEvidence): string {
  switch (kind) {
    case 'level':
      return `nothing above ${kilowatts(baseW + watts)}`;
    case 'mean':
      return `no hourly mean above ${kilowatts(baseW + watts)}`;
    case 'edge':
      return `nothing that switched on with about ${kilowatts(watts)}`;
    case 'pulses':
      return `nothing of about ${kilowatts(watts)} that goes on and off`;
  }
}
