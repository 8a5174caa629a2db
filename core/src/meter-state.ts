import type { CompiledModel } from './model/compiled.ts';
import { EPISODE_SLOTS, phaseOf, resetEpisode } from './episode.ts';
import type { Phase } from './episode.ts';
import { LeftOnError } from './errors.ts';
import { EXCESS_SLOTS, goOnFrom, resetExcess, totalOf } from './excess.ts';
import { resetLeftOn, RUN_LAYOUT, SPARING_SLOTS, stateLength } from './left-on/index.ts';
import { MEAN_POWER_SLOTS, resetMeanPower } from './mean-power.ts';
import { newestOk, QUALITY_SLOTS, resetQuality } from './quality.ts';
import type { Verdict } from './quality.ts';
import { Resampler, RESAMPLER_SLOTS } from './series/resampler.ts';
import type { Cadence } from './series/resampler.ts';
import type { Instant } from './time.ts';

const NEWEST = 0;
const WATTS = 1;
const SCORE = 2;
const SILENT_SINCE = 3;
const EXCESS_AT_OPENING = 4;
const TOTAL_AT_ONSET = 5;
const LAYOUT = 6;
const PERIOD = 7;
const OWN_SLOTS = 8;
/** What is known of a meter and its episode. */
const KNOWN_SLOTS = OWN_SLOTS + QUALITY_SLOTS + RESAMPLER_SLOTS + EPISODE_SLOTS + EXCESS_SLOTS;
/** Slots of one meter's whole state: 8 bytes each, below 4 KB. */
export const STATE_SLOTS = KNOWN_SLOTS + MEAN_POWER_SLOTS + stateLength;
/** Those of the versions before, of which the known ones, up to the total of energy, are in the same places. */
const SLOTS_BEFORE = [485, 490];
const KNOWN_BEFORE = KNOWN_SLOTS - EXCESS_SLOTS + 1;

/**
 * All that detection remembers of one meter: a flat array of numbers, so that saving is a copy and a fold of the same
 * readings always gives the same bytes. Changed in place by detect.
 */
export class MeterState {
  readonly meter: string;
  /** Of the model that it stands under. */
  readonly cadence: Cadence;
  readonly slots = new Float64Array(STATE_SLOTS + SPARING_SLOTS);
  readonly quality: Float64Array;
  readonly episode: Float64Array;
  readonly excess: Float64Array;
  readonly meanPower: Float64Array;
  readonly leftOn: Float64Array;
  readonly resampler: Resampler;
  /** Of the newest reading. */
  verdict: Verdict = 'ok';
  /** The local hour that the newest reading told; for who looks at the score, and not saved. */
  toldHour: number | undefined = undefined;

  constructor(model: CompiledModel, meter: string) {
    this.meter = meter;
    this.cadence = model.cadence;
    let next = OWN_SLOTS;
    const take = (length: number): Float64Array => this.slots.subarray(next, (next += length));
    this.quality = take(QUALITY_SLOTS);
    const resample = take(RESAMPLER_SLOTS);
    this.episode = take(EPISODE_SLOTS);
    this.excess = take(EXCESS_SLOTS);
    this.meanPower = take(MEAN_POWER_SLOTS);
    this.leftOn = take(stateLength + SPARING_SLOTS);
    this.resampler = new Resampler(model.cadence, resample, this.slots.subarray(PERIOD, PERIOD + 1));
    this.slots.fill(NaN, 0, OWN_SLOTS);
    resetQuality(this.quality);
    resetEpisode(this.episode);
    resetExcess(this.excess);
    resetMeanPower(this.meanPower);
    this.startTrailing(model, layoutOf(model));
  }

  /** Empties what is trailing, unless it has this layout already. */
  startTrailing(model: CompiledModel, layout: number): void {
    if (this.slots[LAYOUT] === layout) return;
    this.slots[LAYOUT] = layout;
    this.forgetTrailing(model);
  }

  /** What was trailing says nothing any more. */
  forgetTrailing(model: CompiledModel): void {
    this.resampler.reset();
    if (model.leftOn !== null) resetLeftOn(model.leftOn, this.leftOn);
  }

  /** End of the newest finished step; NaN before the first. */
  get newest(): Instant {
    return this.slots[NEWEST] ?? NaN;
  }

  /** Mean watts of the newest finished step; NaN in a gap. */
  get watts(): number {
    return this.slots[WATTS] ?? NaN;
  }

  /** Score of the newest finished step; NaN is unknown. */
  get score(): number {
    return this.slots[SCORE] ?? NaN;
  }

  /** Since when the meter has been reported silent; NaN while it is heard. */
  get silentSince(): Instant {
    return this.slots[SILENT_SINCE] ?? NaN;
  }

  set silentSince(at: Instant) {
    this.slots[SILENT_SINCE] = at;
  }

  /** Instant of the newest good reading; NaN before the first. */
  get newestReading(): Instant {
    return newestOk(this.quality);
  }

  /** Mean watts above usual of what was still on when the open episode opened. */
  get excessAtOpening(): number {
    return this.slots[EXCESS_AT_OPENING] ?? NaN;
  }

  set excessAtOpening(watts: number) {
    this.slots[EXCESS_AT_OPENING] = watts;
  }

  /** Running total of excess energy when the open episode began. */
  get totalAtOnset(): number {
    return this.slots[TOTAL_AT_ONSET] ?? NaN;
  }

  set totalAtOnset(wattHours: number) {
    this.slots[TOTAL_AT_ONSET] = wattHours;
  }

  get phase(): Phase {
    return phaseOf(this.episode);
  }

  /** Notes the outcome of a finished step. */
  note(at: Instant, watts: number, score: number): void {
    this.slots[NEWEST] = at;
    this.slots[WATTS] = watts;
    this.slots[SCORE] = score;
  }
}

/** A copy of the state as bytes, exact to the bit. */
export function saveState(state: MeterState): Uint8Array {
  return new Uint8Array(state.slots.slice(0, STATE_SLOTS).buffer);
}

/** The state of a meter before its first reading. */
export const createState = (model: CompiledModel, meter: string): MeterState => new MeterState(model, meter);

/**
 * A state from saved bytes. Saved under a model with other steps or of another kind, or by the version before, what was trailing
 * starts anew; the episode and what is known of the meter go on.
 * @throws LeftOnError `bad_state` when the bytes are of another version.
 */
export function restoreState(model: CompiledModel, meter: string, bytes: Uint8Array): MeterState {
  if (SLOTS_BEFORE.includes(bytes.byteLength / 8)) return goneOn(model, meter, bytes);
  if (bytes.byteLength !== STATE_SLOTS * 8) {
    throw new LeftOnError({
      code: 'bad_state',
      place: `state of meter ${meter}`,
      expected: `${STATE_SLOTS * 8} bytes`,
      found: `${bytes.byteLength} bytes`,
    });
  }
  const state = new MeterState(model, meter);
  state.slots.set(new Float64Array(bytes.slice().buffer));
  state.startTrailing(model, layoutOf(model));
  return state;
}

/** A state of the version before under this one; its marks of energy were other ones. */
function goneOn(model: CompiledModel, meter: string, bytes: Uint8Array): MeterState {
  const state = new MeterState(model, meter);
  state.slots.set(new Float64Array(bytes.slice().buffer, 0, KNOWN_BEFORE));
  goOnFrom(state.excess, totalOf(state.excess));
  state.slots[LAYOUT] = NaN;
  state.startTrailing(model, layoutOf(model));
  return state;
}

/**
 * The same meter under a newly fitted model. What is trailing is measured in watts and instants, so it goes on as it
 * is where the steps are the same.
 */
export function adoptModel(model: CompiledModel, state: MeterState): MeterState {
  const adopted = restoreState(model, state.meter, saveState(state));
  adopted.verdict = state.verdict;
  return adopted;
}

/** Whether what is trailing goes on as it is under a model. */
export const keepsTrailing = (model: CompiledModel, state: MeterState): boolean =>
  state.slots[LAYOUT] === layoutOf(model);

/** What the trailing slots mean depends on the steps, and on whether the model looks at what is trailing at all. */
const layoutOf = (model: CompiledModel): number =>
  model.leftOn === null ? -model.cadence.stepMs : model.cadence.stepMs + RUN_LAYOUT;
