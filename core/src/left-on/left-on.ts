import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import type { LeftOnParameters } from './parameters.ts';
import { HOUR, resetRuns, Runs, SINCE, slotOf, slotsFor } from './runs.ts';
import type { WatchKind } from './watchers.ts';

/** The most watchers that any step has. */
const MOST_WATCHERS = 80;
const TOP_SINCE = slotsFor(MOST_WATCHERS);
const TOP_WATCHER = TOP_SINCE + 1;
const TOP_LENGTH = TOP_SINCE + 2;
/** Slots of the state of one meter. */
export const stateLength = TOP_SINCE + 3;

/** Parameters made ready for the hot path. */
export interface LeftOn {
  readonly parameters: LeftOnParameters;
  readonly runs: Runs;
  readonly watchers: number;
  /** Per watcher and hour of the start: 1 / limit in ms. */
  readonly perLimit: Float64Array;
}

/** The home's own numbers behind a score. */
export interface LeftOnEvidence {
  readonly kind: WatchKind;
  /** Size of what is watched; levels are above the base. */
  readonly watts: number;
  readonly baseW: number;
  readonly since: Instant;
  readonly lengthMs: number;
  readonly limitMs: number;
  /** The longest of the history that began within three hours of this hour; 0 = none began. */
  readonly longestMs: number;
  readonly days: number;
}

export function compileLeftOn(parameters: LeftOnParameters): LeftOn {
  const { watchers, baseW, stepMs } = parameters;
  return {
    parameters,
    runs: new Runs(watchers, baseW, stepMs),
    watchers: watchers.length,
    perLimit: Float64Array.from(
      watchers.flatMap(({ limitMin }) => limitMin.map((minutes) => 1 / (minutes * MINUTE))),
    ),
  };
}

/** Puts a state into that of before the first step. */
export const resetState = (state: Float64Array): void => {
  resetRuns(state);
};

/**
 * Takes one finished step and scores what is going on: the longest of all runs, each measured against the length from
 * which it is unusual in this home at the hour it began. 1 = unusual from now on; 0 = nothing goes on; NaN = unknown.
 * Steps come in order. Allocates nothing.
 */
export function stepLeftOn(
  { runs, watchers, perLimit, parameters }: LeftOn,
  state: Float64Array,
  at: Instant,
  localMinuteOfDay: number,
  watts: number,
  known: boolean,
): number {
  runs.step(state, at, Math.floor(localMinuteOfDay / 60), watts, known);
  let top = 0;
  const end = at + parameters.stepMs;
  for (let i = 0; i < watchers; i++) {
    if (!runs.alive(state, i)) continue;
    const slot = slotOf(i);
    const since = state[slot + SINCE] ?? NaN;
    const score = (end - since) * (perLimit[i * 24 + (state[slot + HOUR] ?? 0)] ?? NaN);
    if (score <= top) continue;
    top = score;
    state[TOP_SINCE] = since;
    state[TOP_WATCHER] = i;
    state[TOP_LENGTH] = end - since;
  }
  return known ? top : NaN;
}

/** When that which scores highest began; NaN before the first. */
export const leftOnSince = (state: Float64Array): Instant => state[TOP_SINCE] ?? NaN;

/** The numbers behind the highest score of the newest step; undefined before the first. */
export function explainLeftOn({ parameters }: LeftOn, state: Float64Array): LeftOnEvidence | undefined {
  const top = state[TOP_WATCHER] ?? NaN;
  const watcher = parameters.watchers[top];
  if (watcher === undefined) return undefined;
  const hour = state[slotOf(top) + HOUR] ?? 0;
  return {
    kind: watcher.kind,
    watts: watcher.watts,
    baseW: parameters.baseW,
    since: leftOnSince(state),
    lengthMs: state[TOP_LENGTH] ?? 0,
    limitMs: (watcher.limitMin[hour] ?? 0) * MINUTE,
    longestMs: (watcher.longestMin[hour] ?? 0) * MINUTE,
    days: parameters.days,
  };
}
