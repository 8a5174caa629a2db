import type { Numbers } from '../model/numbers.ts';
import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import type { Zone } from '../zone.ts';
import { LEADER_SLOTS, Leader } from './leader.ts';
import { LargestUnusual } from './largest-unusual.ts';
import { RUN_SLOTS, Runs } from './runs.ts';
import { bandOf, viewsFor } from './watchers.ts';
import type { Watcher, WatchKind } from './watchers.ts';

/** Slots of the state of one meter that last; behind them are some that need not be kept. */
export const stateLength = RUN_SLOTS + LEADER_SLOTS;

/** What all homes with one step have in common: what is watched for, and how. */
export interface Watching {
  readonly stepMs: number;
  readonly watchers: readonly Watcher[];
  readonly runs: Runs;
  readonly leader: Leader;
}

/** Parameters of one home made ready for the hot path. */
export interface LeftOn {
  readonly watching: Watching;
  readonly baseW: number;
  /** Days of history that the runs were taken from. */
  readonly days: number;
  /** Limits of each watcher and hour of a run's start, then the longest of each. */
  readonly minutes: Numbers;
}

/** The home's own numbers behind a score. */
export interface LeftOnEvidence {
  readonly kind: WatchKind;
  /** Size of what is watched; levels are above the base. */
  readonly watts: number;
  /** What stays about as high is that, and below so many times that. */
  readonly band: number;
  readonly baseW: number;
  readonly since: Instant;
  readonly lengthMs: number;
  /** The longest of the history that began within three hours of this hour; 0 = none began. */
  readonly longestMs: number;
  readonly days: number;
}

export function watchingFor(stepMs: number): Watching {
  const watchers = viewsFor(stepMs / MINUTE).flatMap((view) => view.watchers);
  const leader = new Leader(RUN_SLOTS, stepMs);
  return { stepMs, watchers, runs: new Runs(watchers, stepMs, leader), leader };
}

/** How many numbers the limits and the longest runs of so many watchers are. */
export const minutesOf = ({ watchers }: Watching): number => 2 * 24 * watchers.length;

/** Puts a state back to before the first step. */
export function resetLeftOn({ watching }: LeftOn, state: Float64Array): void {
  watching.runs.reset(state);
  watching.leader.reset(state);
}

/**
 * Takes one finished step and scores what is going on: the longest of all runs, each measured against the length from
 * which it is unusual in this home at the hour it began. 1 = unusual from now on; 0 = nothing goes on; NaN = unknown.
 * Steps come in order. Allocates nothing.
 */
export function stepLeftOn(
  { watching: { runs, leader, stepMs }, baseW, minutes }: LeftOn,
  state: Float64Array,
  at: Instant,
  localHour: number,
  watts: number,
  known: boolean,
): number {
  leader.attend(state, at + stepMs, minutes);
  runs.step(state, at, localHour, known ? watts : NaN, baseW);
  const score = leader.score(runs);
  return known ? score : NaN;
}

/** When that which scores highest began; NaN before the first. */
export const leftOnSince = ({ watching }: LeftOn, state: Float64Array): Instant =>
  watching.leader.since(state);

/**
 * The numbers behind the score of the newest step: of the largest run that is unusual and began at the onset, else of
 * the one that scores highest; undefined before the first.
 */
export function explainLeftOn(
  { watching: { watchers, runs, leader, stepMs }, baseW, days, minutes }: LeftOn,
  state: Float64Array,
  onset: Instant,
  zone: Zone,
): LeftOnEvidence | undefined {
  const largest = new LargestUnusual(watchers, minutes, onset, leader.newestEnd(state));
  runs.weigh(state, largest);
  const found = largest.watcher >= 0;
  const index = found ? largest.watcher : leader.watcher(state);
  const watcher = watchers[index];
  if (watcher === undefined) return undefined;
  const since = found ? largest.since : leader.since(state);
  return {
    kind: watcher.kind,
    watts: watcher.watts,
    band: bandOf(watcher.kind, stepMs / MINUTE),
    baseW,
    since,
    lengthMs: leader.newestEnd(state) - since,
    longestMs: minutes.at((watchers.length + index) * 24 + zone.hour(since)) * MINUTE,
    days,
  };
}
