import type { ExpectedRange } from './expected.ts';
import type { LeftOnParameters } from '../left-on/index.ts';
import type { MinMaxTable } from './min-max.ts';

/** Where a model comes from. Instants are ISO texts; null means not known. */
export interface Provenance {
  /** What it was fitted on, for people. */
  readonly fitted_on: string;
  /** Of the readings, canonical form. */
  readonly sha256: string | null;
  readonly from: string;
  readonly until: string;
  readonly days: number;
  readonly readings: number | null;
  readonly software: string;
  /** Measured on held-out weeks, when that was done. */
  readonly quality: ModelQuality | null;
  readonly notes: readonly string[];
}

/** What `lefton fit` measured on the history's own last weeks. */
export interface ModelQuality {
  readonly held_out_days: number;
  /** Without those in windows marked `left_on`: as far as is known, false alarms. */
  readonly alerts_per_30_days: number;
}

interface ModelBase {
  readonly format: 'lefton-model';
  readonly version: 1;
  /** Meter id; null: any meter. */
  readonly meter: string | null;
  /** IANA zone of the home. */
  readonly zone: string;
  readonly provenance: Provenance;
}

/** The article's 24-hour table. */
export interface MinMaxModel extends ModelBase, MinMaxTable {
  readonly kind: 'min-max';
}

/** How the meter reports, in seconds as files are read by people. */
export interface ModelCadence {
  readonly step_s: number;
  readonly hold_s: number;
  readonly reading_per_step: boolean;
  /** The same watts for this long is a frozen meter; null: this meter repeats itself anyway. */
  readonly frozen_s: number | null;
}

/**
 * The product's own model: an expected range to look at, and how long each kind of run that `viewsFor` watches (level, mean,
 * pulses, ceiling, steady, returning) has lasted in this home, to decide with.
 */
export interface LeftOnModel extends ModelBase {
  readonly kind: 'left-on';
  readonly cadence: ModelCadence;
  /** `learning` until the history carries thresholds that hold. */
  readonly mode: 'learning' | 'ready';
  /** The person's budget that the alert level was set for. */
  readonly false_alarms_per_month: number;
  /** Local dates that count as Sundays, as YYYY-MM-DD. */
  readonly holidays: readonly string[];
  readonly expected: ExpectedRange;
  /** Null where there is too little history to decide; `why` then says so. */
  readonly left_on: LeftOnParameters | null;
  readonly why: string | null;
}

/** One home's fitted parameters, as the model file holds them. */
export type Model = MinMaxModel | LeftOnModel;
