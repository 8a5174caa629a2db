import type { Instant } from '@lefton/core';
import type { MeterRow, Projection } from './ports.ts';

/** How an episode stands in the projection. */
export interface EpisodeView {
  readonly episode: string;
  readonly kind: 'unusual' | 'silent';
  readonly meter: string;
  readonly open: boolean;
  readonly since: Instant;
  /** When it was told first. */
  readonly opened_at: Instant | null;
  readonly until: Instant | null;
  readonly closed_at: Instant | null;
  readonly watts: number | null;
  readonly usual_watts: number | null;
  readonly score: number | null;
  readonly excess_wh: number;
  readonly cost: number | null;
  readonly why: string;
  readonly label: FeedbackLabel | null;
}

export type FeedbackLabel = 'fine' | 'left_on';

export interface EpisodeQuery {
  readonly meter: string | undefined;
  /** Episodes that had not ended before this instant. */
  readonly from: Instant | undefined;
  readonly limit: number;
}

export interface ReadingsQuery {
  readonly meter: string;
  /** from <= at < to */
  readonly from: Instant;
  readonly to: Instant;
  /** At most so many points where there are more readings; fewer than six count as six. */
  readonly points: number;
}

/** A reading as people look at it. */
export interface Point {
  readonly at: Instant;
  readonly watts: number;
}

/** Readings in order of time: all, or thinned so that every spike and both ends of every gap are still there. */
export interface ThinnedReadings {
  readonly points: readonly Point[];
  /** Of each stretch of so many ms there are the lowest and the highest; null where every reading is there. */
  readonly columnMs: number | null;
}

/** Sessions of browsers: what is kept of each, and when it ends. */
export interface SessionRows {
  /** Begins a session or puts its end off; of too many the one that ends first goes. */
  put(hash: Uint8Array, expiresAt: Instant): void;
  expiresAt(hash: Uint8Array): Instant | null;
  delete(hash: Uint8Array): void;
}

/** A reading of the past, which stands for the power until `until`. */
export interface PastReading extends Point {
  readonly until: Instant;
}

/** What takes in the past of a meter. */
export interface HistoryStore {
  /** Null: no reading of the meter. */
  newestReading(meter: string): Instant | null;
  /**
   * Puts in readings of times that have none yet, in a transaction of its own; the meter need not be known.
   * @returns how many
   */
  takeIn(meter: string, readings: readonly PastReading[]): number;
  /** Takes out at most so many of what was taken in last, and in the end a meter that nothing else is known of; how many. */
  takeOut(meter: string, limit: number): number;
  /** What was taken in before can no longer be taken out; at most so many rows at a time. @returns how many */
  keepTaken(limit: number): number;
  /** What was taken in last, as JSON. */
  lastImport(): string | null;
  /** @param record null: nothing can be taken out */
  noteImport(meter: string, record: string | null): void;
}

/** What the service keeps for people: readings, episodes, labels, mute. Synchronous, as its only home is local. */
export interface Store extends Projection {
  readonly sessions: SessionRows;
  meters(): readonly MeterRow[];
  episodes(query: EpisodeQuery): readonly EpisodeView[];
  /** The newest of a meter that was no silence; null: none yet. */
  lastUnusual(meter: string): EpisodeView | null;
  readings(query: ReadingsQuery): ThinnedReadings;
  /** False when there is no such episode. */
  label(episode: string, label: FeedbackLabel, at: Instant): boolean;
  labelOf(episode: string): FeedbackLabel | null;
  mutedUntil(): Instant | null;
  mute(until: Instant | null): void;
  /** Deletes a small part of what is past its retention, in a transaction of its own; false when nothing is left. */
  expire(now: Instant): boolean;
}
