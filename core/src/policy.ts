import { defaultEpisodePolicy } from './episode.ts';
import type { EpisodePolicy } from './episode.ts';
import { defaultLimits } from './quality.ts';
import type { QualityLimits } from './quality.ts';
import type { Instant, Stretch } from './time.ts';

/** When to speak up, and what this meter can physically do. */
export interface Policy extends EpisodePolicy {
  readonly limits: QualityLimits;
  /** When nobody is at home: shorter runs alert then, see AWAY_SHARE. */
  readonly away: readonly Stretch[];
}

export const defaultPolicy: Policy = { ...defaultEpisodePolicy, limits: defaultLimits, away: [] };

/** The policy that speaks up from another score on; what is worth watching, and what is over, moves with it. */
export function alertingFrom<P extends EpisodePolicy>(policy: P, score: number): P {
  const { openAt, suspectAt, closeAt } = defaultEpisodePolicy;
  return {
    ...policy,
    openAt: score,
    suspectAt: (suspectAt / openAt) * score,
    closeAt: (closeAt / openAt) * score,
  };
}

/** While nobody is at home a run need last only this share as long. */
export const AWAY_SHARE = 0.6;

/** True while nobody is at home. */
export function isAway({ away }: Pick<Policy, 'away'>, at: Instant): boolean {
  for (const { from, to } of away) if (at >= from && at < to) return true;
  return false;
}
