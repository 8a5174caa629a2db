import { DAY, HOUR, isAway } from '@lefton/core';
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
  /** When the beginning of another episode of the same meter was told here last. */
  readonly lastOnset: Instant | null;
  /** Messages of the last hour, oldest first. */
  readonly lastHour: readonly Instant[];
  /** Messages of the calendar month. */
  readonly thisMonth: number;
}

/** What is to become of it: told now, looked at again later, never told, or given to another channel. */
export type Judgement =
  | { readonly act: 'tell' }
  | { readonly act: 'hold'; readonly until: Instant; readonly why: string }
  | { readonly act: 'drop'; readonly why: string }
  | { readonly act: 'expire'; readonly why: string }
  | { readonly act: 'hand_over'; readonly why: string };

const TELL: Judgement = { act: 'tell' };
/** A digest is told within a day; one more for a channel that does not work then. */
const DIGEST_AGE_MS = 2 * DAY;

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
  const oldest = small ? Math.max(rules.maxAgeMs, DIGEST_AGE_MS) : rules.maxAgeMs;
  const drop = (why: string): Judgement => ({ act: 'drop', why });
  const hold = (until: Instant, why: string): Judgement =>
    until - event.at > oldest ? drop(`${why}, and too old after that`) : { act: 'hold', until, why };

  if (seen.label === 'fine') return drop('answered: that was fine');
  if (small && rules.digestAt === null) return drop(`less than ${rules.severity}`);
  if (seen.overtaken && !rules.everyEvent) return drop('a newer event of the episode took its place');
  if (now - event.at > oldest) return { act: 'expire', why: 'too old to be told' };
  if (seen.mutedUntil !== null && now < seen.mutedUntil) {
    // a silence is told once only; the rest shows again in a reminder, or is over
    return event.type === 'meter_silent' ? hold(seen.mutedUntil, 'muted') : drop('muted');
  }
  if (seen.away && !rules.whenAway) return drop('nobody is at home');
  if (small && rules.digestAt !== null) {
    const digest = nextTime(rules.digestAt, zone, createdAt);
    if (now < digest) return hold(digest, 'for the digest');
  }
  if (rules.quietHours !== null && !reaches(severity, rules.quietPasses)) {
    const end = endOfQuiet(rules.quietHours, zone, now);
    if (end !== null) return hold(end, 'quiet hours');
  }
  if (seen.thisMonth >= rules.mostPerMonth)
    return { act: 'hand_over', why: `${rules.mostPerMonth} messages this month` };
  const begins = event.type === 'opened' || event.type === 'meter_silent';
  if (begins && seen.lastOnset !== null && now - seen.lastOnset < rules.cooldownMs)
    return hold(seen.lastOnset + rules.cooldownMs, 'soon after another');
  const { [seen.lastHour.length - rules.mostPerHour]: oldestOfHour } = seen.lastHour;
  if (oldestOfHour !== undefined) return hold(oldestOfHour + HOUR, `${rules.mostPerHour} in an hour`);
  return TELL;
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
