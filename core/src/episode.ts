import type { AnomalyType } from './event.ts';
import { HOUR, MINUTE } from './time.ts';
import type { Instant } from './time.ts';

/** When a stretch of scores becomes an episode, and when it is over. */
export interface EpisodePolicy {
  /** At or above: the episode opens. 1 = the edge of what has been normal. */
  readonly openAt: number;
  /** At or above: worth watching. */
  readonly suspectAt: number;
  /** Below: no longer unusual. Lower than openAt, so that an episode does not flicker. */
  readonly closeAt: number;
  /** Not unusual for this long: closed. */
  readonly recoverMs: number;
  /** No new episode opens sooner than this after the last unusual step of the one before. */
  readonly cooldownMs: number;
  /** First reminder after opening; each further one waits twice as long. */
  readonly remindMs: number;
  /** No good reading for this long: the meter is silent. */
  readonly silentMs: number;
  /** Currency per kilowatt-hour, null where not told. */
  readonly pricePerKwh: number | null;
}

export const defaultEpisodePolicy: EpisodePolicy = {
  openAt: 1,
  suspectAt: 0.75,
  closeAt: 0.6,
  recoverMs: 20 * MINUTE,
  cooldownMs: HOUR,
  remindMs: HOUR,
  silentMs: HOUR,
  pricePerKwh: null,
};

/** quiet -> suspect -> open -> (closed) -> quiet */
export type Phase = 'quiet' | 'suspect' | 'open';
const PHASES: readonly Phase[] = ['quiet', 'suspect', 'open'];

/** Of reminders that each wait twice as long, more than these never come. */
const MOST_REMINDERS = 50;
/** Longer than this without a known step, an open episode is over. */
const LONGEST_GAP_MS = 6 * HOUR;

const PHASE = 0;
const SINCE = 1;
const LAST_UNUSUAL = 2;
const OPENED = 3;
const REMINDERS = 4;
const PREVIOUS_END = 5;
/** Slots of a Float64Array that the episode of one meter keeps. */
export const EPISODE_SLOTS = 6;

/** Puts the slots into the quiet phase. */
export function resetEpisode(slots: Float64Array): void {
  slots.fill(NaN, 0, EPISODE_SLOTS);
  slots[PHASE] = 0;
}

export const phaseOf = (slots: Float64Array): Phase => PHASES[slots[PHASE] ?? 0] ?? 'quiet';
/** Onset of the suspected or open episode. */
export const onsetOf = (slots: Float64Array): Instant => slots[SINCE] ?? NaN;
/** When the open episode opened. */
export const openedAtOf = (slots: Float64Array): Instant => slots[OPENED] ?? NaN;
/** The last step that was unusual: where a closing episode ended. */
export const lastUnusualOf = (slots: Float64Array): Instant => slots[LAST_UNUSUAL] ?? NaN;

/**
 * Takes the score of one finished step and says what happened, if anything. `onset` is when that which scores began.
 * An unknown score (NaN) neither opens nor closes, until the gap is hours long.
 */
export function stepEpisode(
  policy: EpisodePolicy,
  slots: Float64Array,
  at: Instant,
  score: number,
  onset: Instant,
): AnomalyType | null {
  const phase = phaseOf(slots);
  switch (phase) {
    case 'quiet':
      if (score >= policy.suspectAt) {
        enter(slots, 'suspect', onset);
        return tryOpen(policy, slots, at, score, onset);
      }
      return null;
    case 'suspect':
      if (score >= policy.suspectAt) return tryOpen(policy, slots, at, score, onset);
      enter(slots, 'quiet', NaN);
      return null;
    case 'open':
      return stayOpen(policy, slots, at, score);
  }
}

function enter(slots: Float64Array, phase: Phase, since: Instant): void {
  slots[PHASE] = PHASES.indexOf(phase);
  slots[SINCE] = since;
}

function tryOpen(
  policy: EpisodePolicy,
  slots: Float64Array,
  at: Instant,
  score: number,
  onset: Instant,
): AnomalyType | null {
  if (score < policy.openAt || at - (slots[PREVIOUS_END] ?? NaN) < policy.cooldownMs) return null;
  enter(slots, 'open', onset);
  slots[OPENED] = at;
  slots[LAST_UNUSUAL] = at;
  slots[REMINDERS] = 0;
  return 'opened';
}

function stayOpen(
  policy: EpisodePolicy,
  slots: Float64Array,
  at: Instant,
  score: number,
): AnomalyType | null {
  const sinceUnusual = at - (slots[LAST_UNUSUAL] ?? at);
  // a gap says nothing, unless it is so long that nobody can say it is the same thing
  const longest = Math.max(LONGEST_GAP_MS, policy.recoverMs);
  if (score >= policy.closeAt && sinceUnusual < longest) {
    slots[LAST_UNUSUAL] = at;
    return remind(policy, slots, at);
  }
  if (sinceUnusual < (Number.isNaN(score) ? longest : policy.recoverMs)) return null;
  slots[PREVIOUS_END] = slots[LAST_UNUSUAL] ?? at;
  slots[PHASE] = PHASES.indexOf('quiet');
  return 'closed';
}

/** Reminders at 1, 3, 7, 15 ... times remindMs after opening: each wait is twice the one before. */
function remind(policy: EpisodePolicy, slots: Float64Array, at: Instant): AnomalyType | null {
  const open = at - (slots[OPENED] ?? at);
  const reminders = slots[REMINDERS] ?? 0;
  let due = reminders;
  while (due < MOST_REMINDERS && open >= (2 ** (due + 1) - 1) * policy.remindMs) due++;
  if (due === reminders) return null;
  // after a gap one reminder stands for all that would have come in it
  slots[REMINDERS] = due;
  return 'still_on';
}
