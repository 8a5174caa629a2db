export {
  fitLeftOn,
  type FitInput,
  type FitOutcome,
  type LearnedRuns,
  learnedRuns,
  type TailsOf,
} from './fit-left-on.ts';
export { HourlyTails, type Run, type Tails } from './history-runs.ts';
export { type Tail } from './tail.ts';
export { type Watcher } from './watchers.ts';
export {
  compileLeftOn,
  explainLeftOn,
  type LeftOn,
  type LeftOnEvidence,
  leftOnSince,
  resetLeftOn,
  stateLength,
  stepLeftOn,
} from './left-on.ts';
export { type LeftOnParameters, parseLeftOn } from './parameters.ts';
