import type { Instant, LeftOnModel, Model, Policy, Window } from '@lefton/core';

/** What the past is run through. */
export interface TryTask {
  /** Database of the service, which may be running. */
  readonly db: string;
  readonly meter: string;
  /** What decides: the model in use, or the one for the budget. */
  readonly model: Model;
  /** Another budget of false alarms a month than the model's; null: the model as it is. */
  readonly budget: number | null;
  /** When to speak up. */
  readonly policy: Policy;
  /** What a person marked in a file: `left_on` and `away` are not learned. */
  readonly windows: readonly Window[];
  /** Another number where the stored past has changed otherwise than by a new reading. */
  readonly revision: number;
}

/** An episode that would have been told. Watts, watt-hours, currency of the price. */
export interface TriedEpisode {
  readonly episode: string;
  readonly since: Instant;
  readonly openedAt: Instant;
  /** Null: still on at the end. */
  readonly until: Instant | null;
  readonly watts: number | null;
  readonly usualWatts: number | null;
  readonly excessWh: number;
  readonly cost: number | null;
  readonly why: string;
}

/** What the last days would have told. */
export interface Tried {
  readonly from: Instant;
  readonly until: Instant;
  readonly days: number;
  readonly readings: number;
  readonly zone: string;
  /** Oldest first; the newest of them where there are very many. */
  readonly episodes: readonly TriedEpisode[];
  readonly count: number;
  /** Local months, oldest first; days of it that were looked at. */
  readonly months: readonly { readonly month: string; readonly days: number; readonly episodes: number }[];
  /** Times at which the meter would have been told to be silent. */
  readonly silences: number;
  /** What decided: the model in use, or one fitted for the budget. */
  readonly fitted: 'in_use' | 'anew';
  readonly mode: LeftOnModel['mode'] | null;
  /** It has learned from some of these days, which flatters it. */
  readonly flattered: boolean;
  /** When the past was read. */
  readonly readAt: Instant;
}

/** A model for a budget, for the process that fits; null: those that are likely to be asked for. */
export type BudgetTask = Omit<TryTask, 'policy'>;

export type TryStage = 'reading' | 'fitting' | 'trying';
