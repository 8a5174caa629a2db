import type { Instant } from '@lefton/core';
import type { Alert, MeterRow, Projection } from './ports.ts';

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
  /** At most so many points: where there are more readings, the lowest and highest of each stretch. */
  readonly points: number;
}

/** A reading as people look at it. */
export interface Point {
  readonly at: Instant;
  readonly watts: number;
}

/** What the service keeps for people: readings, episodes, labels, mute. Synchronous, as its only home is local. */
export interface Store extends Projection {
  meters(): readonly MeterRow[];
  episodes(query: EpisodeQuery): readonly EpisodeView[];
  readings(query: ReadingsQuery): readonly Point[];
  /** False when there is no such episode. */
  label(episode: string, label: FeedbackLabel, at: Instant): boolean;
  mutedUntil(): Instant | null;
  mute(until: Instant | null): void;
  /** Deletes what is past its retention, at most a small part at a time; the number of rows deleted. */
  expire(now: Instant): number;
}

export type DeliveryState = 'pending' | 'sent' | 'failed' | 'expired';

/** An alert in the outbox. */
export interface Delivery extends Alert {
  readonly id: number;
  readonly createdAt: Instant;
  readonly attempts: number;
  /** An attempt was begun and its end is not known: the process stopped in the middle of it. */
  readonly interrupted: boolean;
}

/** The outbox rows of the store. */
export interface Deliveries {
  /** Pending and due, oldest first. */
  due(now: Instant, limit: number): readonly Delivery[];
  /** Notes that an attempt begins, before it does. */
  begin(id: number): void;
  /** An attempt failed for now. */
  retry(id: number, at: Instant, why: string): void;
  /** No further attempt: the receipt of the channel, or why not. */
  settle(id: number, state: Exclude<DeliveryState, 'pending'>, note: string, at: Instant): void;
  /** Number of rows by channel and state. */
  counts(): readonly { readonly channel: string; readonly state: DeliveryState; readonly count: number }[];
}

/** A way to a person. */
export interface Channel {
  readonly name: string;
  /** The receiver recognises a repeated key, so an interrupted attempt may be repeated. */
  readonly idempotent: boolean;
  /**
   * Delivers once and returns a receipt.
   * @throws LeftOnError transient: worth another attempt; any other: never
   */
  deliver(alert: Alert): Promise<string>;
}
