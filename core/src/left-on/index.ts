export { fitLeftOn, type FitInput, type FitOutcome } from './fit-left-on.ts';
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
