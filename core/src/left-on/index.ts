export {
  fitLeftOn,
  type FitInput,
  type FitOutcome,
  type LearnedRuns,
  learnedRuns,
  type TailsOf,
} from './fit-left-on.ts';
export { type Run } from './history-runs.ts';
export { HourlyTails, type Tails } from './hourly-tails.ts';
export { betaOf, LEAST_FROM, type Tail } from './tail.ts';
export { WATCH_KINDS, type Watcher } from './watchers.ts';
export {
  explainLeftOn,
  type LeftOn,
  type LeftOnEvidence,
  leftOnSince,
  minutesOf,
  resetLeftOn,
  stateLength,
  stepLeftOn,
  type Watching,
  watchingFor,
} from './left-on.ts';
export { SPARING_SLOTS } from './leader.ts';
export { type LeftOnParameters, OTHER_VERSION, parseLeftOn } from './parameters.ts';
export { RUN_LAYOUT } from './runs.ts';
