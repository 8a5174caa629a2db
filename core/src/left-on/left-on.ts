import type { Numbers } from '../numbers.ts';
import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import type { Zone } from '../zone.ts';
import { HighestScore, LargestUnusual } from './judges.ts';
import { SINCE } from './run.ts';
import { RUN_SLOTS, Runs } from './runs.ts';
import { viewsFor } from './watchers.ts';
import type { Watcher, WatchKind } from './watchers.ts';

const TOP_SINCE = RUN_SLOTS;
const TOP_WATCHER = RUN_SLOTS + 1;
const NEWEST_END = RUN_SLOTS + 2;
/** Slots of the state of one meter. */
export const stateLength = RUN_SLOTS + 3;

/** What all homes with one step have in common: what is watched for, and how. */
export interface Watching {
  readonly stepMs: number;
  readonly watchers: readonly Watcher[];
  readonly runs: Runs;
  /** Used anew at every step. */
  readonly judge: HighestScore;
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
  readonly baseW: number;
  readonly since: Instant;
  readonly lengthMs: number;
  /** The longest of the history that began within three hours of this hour; 0 = none began. */
  readonly longestMs: number;
  readonly days: number;
}

export function watchingFor(stepMs: number): Watching {
  const watchers = viewsFor(stepMs / MINUTE).flatMap((view) => view.watchers);
  return { stepMs, watchers, runs: new Runs(watchers, stepMs), judge: new HighestScore() };
}

/** How many numbers the limits and the longest runs of so many watchers are. */
export const minutesOf = ({ watchers }: Watching): number => 2 * 24 * watchers.length;

/** Puts a state into that of before the first step. */
export function resetLeftOn({ watching }: LeftOn, state: Float64Array): void {
  watching.runs.reset(state);
  state.fill(NaN, RUN_SLOTS, stateLength);
}

/**
 * Takes one finished step and scores what is going on: the longest of all runs, each measured against the length from
 * which it is unusual in this home at the hour it began. 1 = unusual from now on; 0 = nothing goes on; NaN = unknown.
 * Steps come in order. Allocates nothing.
 */
export function stepLeftOn(
  { watching: { runs, judge, stepMs }, baseW, minutes }: LeftOn,
  state: Float64Array,
  at: Instant,
  localMinuteOfDay: number,
  watts: number,
  known: boolean,
): number {
  runs.step(state, at, Math.floor(localMinuteOfDay / 60), known ? watts : NaN, baseW);
  judge.begin(at + stepMs, minutes);
  runs.weigh(state, judge);
  state[NEWEST_END] = at + stepMs;
  if (judge.watcher >= 0) {
    state[TOP_SINCE] = state[judge.slot + SINCE] ?? NaN;
    state[TOP_WATCHER] = judge.watcher;
  }
  return known ? judge.score : NaN;
}

/** When that which scores highest began; NaN before the first. */
export const leftOnSince = (state: Float64Array): Instant => state[TOP_SINCE] ?? NaN;

/**
 * The numbers behind the score of the newest step: of the largest run that is unusual and began at the onset, else of
 * the one that scores highest; undefined before the first.
 */
export function explainLeftOn(
  { watching: { watchers, runs }, baseW, days, minutes }: LeftOn,
  state: Float64Array,
  onset: Instant,
  zone: Zone,
): LeftOnEvidence | undefined {
  const largest = new LargestUnusual(watchers, minutes, onset, state[NEWEST_END] ?? NaN);
  runs.weigh(state, largest);
  const found = largest.watcher >= 0;
  const index = found ? largest.watcher : (state[TOP_WATCHER] ?? NaN);
  const watcher = watchers[index];
  if (watcher === undefined) return undefined;
  const since = found ? largest.since : leftOnSince(state);
  return {
    kind: watcher.kind,
    watts: watcher.watts,
    baseW,
    since,
    lengthMs: (state[NEWEST_END] ?? NaN) - since,
    longestMs: minutes.at((watchers.length + index) * 24 + zone.hour(since)) * MINUTE,
    days,
  };
}
