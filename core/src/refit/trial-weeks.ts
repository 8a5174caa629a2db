import type { History } from '../series/history.ts';
import { DAY } from '../time.ts';
import type { Instant, Stretch } from '../time.ts';

const WEEK = 7 * DAY;
const WEEKS = [2, 3, 4];
const [LEAST_WEEKS, MOST_WEEKS] = [2, 4];
/** A model that knows a day of the weeks has not seen them: turns are not to the minute. */
const HARDLY_SEEN = DAY;

/** The last weeks of a history, kept from a model that is fitted to be compared. */
export interface TrialWeeks extends Stretch {
  /** By the model in use, too. */
  readonly unseen: boolean;
}

/**
 * The most of two to four weeks that the model in use has not seen, else two; as much again must lie before.
 * @param seen the newest reading that it was fitted on
 */
export function trialWeeksOf({ at }: History, end: Instant, seen: Instant): TrialWeeks | undefined {
  const length = end - (at[0] ?? end);
  const possible = WEEKS.filter((count) => length >= 2 * count * WEEK);
  const weeks = possible.findLast((count) => seen <= end - count * WEEK + HARDLY_SEEN) ?? possible[0];
  if (weeks === undefined) return undefined;
  const from = end - weeks * WEEK;
  return { from, to: end, unseen: seen <= from + HARDLY_SEEN };
}

/** The weeks that a model which was made elsewhere has not seen; undefined where they are too few. */
export function weeksUnseenBy(seen: Instant, end: Instant): TrialWeeks | undefined {
  const from = Math.max(seen, end - MOST_WEEKS * WEEK);
  // the one in use has mostly seen these weeks, and has the benefit of it: nobody knows where the other is from
  return end - from < LEAST_WEEKS * WEEK ? undefined : { from, to: end, unseen: true };
}
