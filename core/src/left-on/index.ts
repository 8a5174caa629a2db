export { fitLeftOn, type FitInput, type FitOutcome } from './fit-left-on.ts';
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
export { type LeftOnParameters, parseLeftOn } from './parameters.ts';
