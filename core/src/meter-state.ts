import type { CompiledModel } from './model/compiled.ts';
import { EPISODE_SLOTS, phaseOf, resetEpisode } from './episode.ts';
import type { Phase } from './episode.ts';
import { EXCESS_SLOTS, resetExcess } from './excess.ts';
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
export const KNOWN_SLOTS = OWN_SLOTS + QUALITY_SLOTS + RESAMPLER_SLOTS + EPISODE_SLOTS + EXCESS_SLOTS;
/** Slots of one meter's whole state: 8 bytes each, below 4 KB. */
export const STATE_SLOTS = KNOWN_SLOTS + MEAN_POWER_SLOTS + stateLength;
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
  /** The local hour that the newest reading told; for whoever looks at the score; not saved. */
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
    this.beginTrailing(model);
  }

  /** Empties what is trailing, for a model. */
  beginTrailing(model: CompiledModel): void {
    this.slots[LAYOUT] = layoutOf(model);
    this.forgetTrailing(model);
  }

  /** Whether what is trailing goes on as it is under a model. */
  keepsTrailing(model: CompiledModel): boolean {
    return this.slots[LAYOUT] === layoutOf(model);
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

/** The state of a meter before its first reading. */
export const createState = (model: CompiledModel, meter: string): MeterState => new MeterState(model, meter);

/** What the trailing slots mean depends on the steps, and on whether the model looks at what is trailing at all. */
const layoutOf = (model: CompiledModel): number =>
  model.leftOn === null ? -model.cadence.stepMs : model.cadence.stepMs + RUN_LAYOUT;
