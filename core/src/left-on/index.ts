// provisional until the measured detector lands here: one level, one duration
export interface LeftOnParameters {
  readonly stepMs: number;
  readonly levelW: number;
  readonly lengthMs: number;
}
export interface LeftOnEvidence {
  readonly since: number;
  readonly levelW: number;
  readonly longestMs: number | null;
  readonly days: number;
}
export type LeftOn = LeftOnParameters;
export const stateLength = 8;
export const resetState = (state: Float64Array): void => void state.fill(NaN, 0, stateLength);
export const compileLeftOn = (p: LeftOnParameters): LeftOn => p;
export function stepLeftOn(
  m: LeftOn,
  state: Float64Array,
  at: number,
  _minute: number,
  watts: number,
  known: boolean,
): number {
  if (!known) return NaN;
  if (watts > m.levelW) {
    if (Number.isNaN(state[0] ?? NaN)) state[0] = at;
    state[1] = at;
  } else if (at - (state[1] ?? NaN) > 600_000) state[0] = NaN;
  return Number.isNaN(state[0] ?? NaN) ? 0 : (at - (state[0] ?? at)) / m.lengthMs;
}
export const explainLeftOn = (m: LeftOn, state: Float64Array): LeftOnEvidence => ({
  since: state[0] ?? NaN,
  levelW: m.levelW,
  longestMs: null,
  days: 0,
});
export const leftOnSince = (state: Float64Array): number => state[0] ?? NaN;
import type { Decoder } from '../decode.ts';
import type { Zone } from '../zone.ts';
export const parseLeftOn = (json: Decoder): LeftOnParameters => ({
  stepMs: json.at('stepMs').number(1),
  levelW: json.at('levelW').number(),
  lengthMs: json.at('lengthMs').number(1),
});
export interface FitInput {
  readonly startAt: number;
  readonly stepMs: number;
  readonly watts: Float64Array;
  readonly known: Uint8Array;
  readonly zone: Zone;
  readonly falseAlarmsPerMonth: number;
  readonly excluded: readonly { readonly from: number; readonly to: number }[];
  readonly alarmed?: readonly { readonly from: number; readonly to: number }[];
}
export type FitOutcome =
  | { kind: 'fitted'; parameters: LeftOnParameters; days: number }
  | { kind: 'unknown'; why: string; days: number };
export const fitLeftOn = (input: FitInput): FitOutcome => ({
  kind: 'fitted',
  parameters: { stepMs: input.stepMs, levelW: 1000, lengthMs: 7_200_000 },
  days: 1,
});
