import { DAY, HOUR, isAway, MINUTE } from '@lefton/core';
import type { AnomalyEvent, Instant, Policy, Zone } from '@lefton/core';
import type { Severity } from '../channel.ts';
import { SEVERITIES } from '../channel.ts';
import type { FeedbackLabel } from '../store-ports.ts';
import { endOfQuiet, nextTime } from './daily.ts';
import type { ChannelRules } from './rules.ts';

/** An alert that one channel is to tell. */
export interface Waiting {
  readonly event: Pick<AnomalyEvent, 'type' | 'at'>;
  readonly severity: Severity;
  /** When it came here. */
  readonly createdAt: Instant;
  /** Another channel failed to tell it. */
  readonly standsIn: boolean;
}

/** All that counts besides the alert itself. */
export interface Circumstances {
  readonly mutedUntil: Instant | null;
  /** Nobody is at home. */
  readonly away: boolean;
  /** What the person answered about the episode. */
  readonly label: FeedbackLabel | null;
  /** The channel has a newer event of the same episode to tell, or told it. */
  readonly overtaken: boolean;
  /** The newest beginning of another episode of the same meter and kind that was told here. */
  readonly lastOnset: { readonly toldAt: Instant; readonly severity: Severity } | null;
  /** Messages of the last hour, oldest first. */
  readonly lastHour: readonly Instant[];
  /** Messages of the calendar month. */
  readonly thisMonth: number;
}

/** What is to become of it: told now, looked at again later, never told, or given to another channel. */
export type Judgement =
  /** asOf: a newer event says how it is by now, this one how it was then. */
  | { readonly act: 'tell'; readonly asOf?: Instant }
  | { readonly act: 'hold'; readonly until: Instant; readonly why: string }
  | { readonly act: 'drop'; readonly why: string }
  | { readonly act: 'expire'; readonly why: string }
  | { readonly act: 'hand_over'; readonly why: string };

const TELL: Judgement = { act: 'tell' };
/** A digest is told within a day; one more for a channel that does not work then. */
const DIGEST_AGE_MS = 2 * DAY;
/** What waits for somebody to come home is looked at again so often. */
const LOOK_MS = MINUTE;

/** True where `severity` is at least `least`. */
const reaches = (severity: Severity, least: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);

/**
 * Decides what becomes of an alert on one channel, now. Asked again after a hold, it decides anew.
 * @param zone of the home
 */
export function judge(
  { event, severity, createdAt, standsIn }: Waiting,
  rules: ChannelRules,
  seen: Circumstances,
  zone: Zone,
  now: Instant,
): Judgement {
  const small = !standsIn && !reaches(severity, rules.severity);
  // a silence is told once only, and stays true until the meter is back; what goes on shows again in a reminder
  const lasts = event.type === 'meter_silent' && !rules.everyEvent;
  const oldest = lasts ? Infinity : small ? Math.max(rules.maxAgeMs, DIGEST_AGE_MS) : rules.maxAgeMs;
  const drop = (why: string): Judgement => ({ act: 'drop', why });
  // what came here because another channel failed goes on to the next
  const pass = (why: string): Judgement => ({ act: standsIn ? 'hand_over' : 'drop', why });
  const hold = (until: Instant, why: string): Judgement =>
    until - event.at > oldest ? pass(`${why}, and too old after that`) : { act: 'hold', until, why };

  if (seen.label === 'fine') return drop('answered: that was fine');
  if (small && rules.digestAt === null) return drop(`less than ${rules.severity}`);
  if (seen.overtaken && !rules.everyEvent) return drop('a newer event of the episode took its place');
  if (now - event.at > oldest) return { act: standsIn ? 'hand_over' : 'expire', why: 'too old to be told' };
  if (seen.mutedUntil !== null && now < seen.mutedUntil)
    return event.type === 'meter_silent' ? hold(seen.mutedUntil, 'muted') : drop('muted');
  if (seen.away && !rules.whenAway) {
    const why = 'nobody is at home';
    return lasts && !standsIn ? hold(now + LOOK_MS, why) : pass(why);
  }
  if (small && rules.digestAt !== null) {
    // a replay's clock stands elsewhere than the one by which it came
    const digest = nextTime(rules.digestAt, zone, createdAt > now ? event.at : createdAt);
    if (now < digest) return hold(digest, 'for the digest');
  }
  if (rules.quietHours !== null && !reaches(severity, rules.quietPasses)) {
    const end = endOfQuiet(rules.quietHours, zone, now);
    if (end !== null) return hold(end, 'quiet hours');
  }
  // no limit keeps back what is worth waking for, or a silence, which is told once only
  const limited = severity !== 'critical' && !lasts;
  if (limited && seen.thisMonth >= rules.mostPerMonth)
    return { act: 'hand_over', why: `${rules.mostPerMonth} messages this month` };
  const begins = event.type === 'opened' || event.type === 'meter_silent';
  const { lastOnset } = seen;
  if (begins && lastOnset !== null && reaches(lastOnset.severity, severity)) {
    const until = lastOnset.toldAt + rules.cooldownMs;
    if (now < until) return hold(until, 'soon after another');
  }
  const { [seen.lastHour.length - rules.mostPerHour]: oldestOfHour } = seen.lastHour;
  if (limited && oldestOfHour !== undefined)
    return hold(oldestOfHour + HOUR, `${rules.mostPerHour} in an hour`);
  return seen.overtaken ? { act: 'tell', asOf: event.at } : TELL;
}

/**
 * How much an event matters. All-clears inform, the rest warns; much power, or nobody at home to see it, is worth waking
 * for.
 * @param criticalW power above usual
 */
export function severityOf(
  { type, at, watts, usualWatts }: AnomalyEvent,
  criticalW: number,
  away: Pick<Policy, 'away'>,
): Severity {
  if (type === 'closed' || type === 'meter_back') return 'info';
  if (type === 'meter_silent' || watts === null) return 'warning';
  return watts - (usualWatts ?? 0) >= criticalW || isAway(away, at) ? 'critical' : 'warning';
}
