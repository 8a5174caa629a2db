import type { CompiledModel } from './model/compiled.ts';
import { lastUnusualOf } from './episode.ts';
import type { AnomalyEvent, AnomalyType } from './event.ts';
import { explainLeftOn } from './left-on/index.ts';
import type { LeftOnEvidence } from './left-on/index.ts';
import type { MeterState } from './meter-state.ts';
import type { Instant } from './time.ts';
import { clockTime, duration, kilowatts } from './words/index.ts';

/** The reason of an event, from the home's own history. */
export type Why = Pick<AnomalyEvent, 'why' | 'longestMs'>;

/**
 * Says why an event happened, in a sentence that the person can check against what they know of their home.
 * @param toldHour the local hour, where the reading told it
 */
export function whyOf(
  type: AnomalyType,
  model: CompiledModel,
  state: MeterState,
  at: Instant,
  since: Instant,
  toldHour?: number,
): Why {
  switch (type) {
    case 'meter_silent':
      return { why: `No reading since ${clockTime(model.zone, since, at)}.`, longestMs: null };
    case 'meter_back':
      return { why: `Nothing was heard for ${duration(at - since)}.`, longestMs: null };
    case 'closed':
      return { why: `It went on for ${duration(lastUnusualOf(state.episode) - since)}.`, longestMs: null };
    case 'opened':
    case 'still_on':
      return model.leftOn === null ? whyOfRange(model, state, at, toldHour) : whyOfRun(model, state, since);
  }
}

function whyOfRange(model: CompiledModel, state: MeterState, at: Instant, toldHour?: number): Why {
  const range = toldHour === undefined ? model.expectedAt(at) : model.expectedAtHour(toldHour);
  const hour = toldHour ?? model.zone.hour(at);
  if (!range.known) return { why: range.why, longestMs: null };
  const limits = `between ${kilowatts(range.low)} and ${kilowatts(range.high)}`;
  return {
    why: `${kilowatts(state.watts)} now; at ${hour}:00 it has always been ${limits}.`,
    longestMs: null,
  };
}

function whyOfRun(model: CompiledModel, state: MeterState, onset: Instant): Why {
  const evidence =
    model.leftOn === null ? undefined : explainLeftOn(model.leftOn, state.leftOn, onset, model.zone);
  if (evidence === undefined) return { why: '', longestMs: null };
  const { longestMs, lengthMs, since } = evidence;
  // only what the history really has not seen is said
  if (longestMs >= lengthMs) return { why: '', longestMs };
  return { why: reasonOf(evidence, clockTime(model.zone, since, since).slice(0, 2)), longestMs };
}

/**
 * The reason of a run that is longer than all before it.
 * @param hour local hour that it began in, of two digits
 */
export const reasonOf = (evidence: LeftOnEvidence, hour: string): string =>
  `In ${Math.round(evidence.days)} days ${neverSeen(evidence, `around ${hour}:00`)}.`;

/** What the history has never seen, in the home's own numbers. */
function neverSeen({ kind, watts, band, baseW, longestMs }: LeftOnEvidence, around: string): string {
  const longest = duration(longestMs);
  const none = longestMs === 0;
  const level = kilowatts(baseW + watts);
  const size = kilowatts(watts);
  const within = (): string => `between ${level} and ${kilowatts(baseW + watts * band)}`;
  switch (kind) {
    case 'level':
      if (none) return `power never rose above ${level} ${around}`;
      return `power that rose above ${level} ${around} never stayed there longer than ${longest}`;
    case 'mean':
      if (none) return `the hourly mean never rose above ${level} ${around}`;
      return `an hourly mean that rose above ${level} ${around} never stayed there longer than ${longest}`;
    case 'ceiling':
      if (none) return `power never kept coming up to ${within()} ${around}`;
      return `power that kept coming up to ${within()} ${around} never did so for longer than ${longest}`;
    case 'returning':
      if (none) return `power never kept returning to ${within()} ${around}`;
      return `power that kept returning to ${within()} ${around} never did so for longer than ${longest}`;
    case 'steady':
      if (none) return `power never settled ${within()} ${around}`;
      return `power that settled ${within()} ${around} never stayed there longer than ${longest}`;
    case 'pulses':
      if (none) return `nothing of about ${size} kept going on and off ${around}`;
      return `nothing of about ${size} that went on and off ${around} kept at it longer than ${longest}`;
  }
}
