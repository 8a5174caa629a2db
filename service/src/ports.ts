import type { AnomalyEvent, AnomalyRecord, Instant } from '@lefton/core';

/** Tells the event time that detection takes for now: the system's, or a replay's simulated one. */
export interface Clock {
  now(): Instant;
}

/** Waits real time; resolves early when aborted. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export type Topic = 'raw_power' | 'raw_power_dead' | 'anomaly_power';

/** A record on its way to a topic. */
export interface NewRecord {
  readonly topic: Topic;
  /** Meter id; orders records of one meter. */
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A record read from a topic. */
export interface TopicRecord {
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** When the topic took it. */
  readonly appendedAt: Instant;
  /** Opaque place in the topic; `follow` goes on after it. */
  readonly position: string;
}

/** How far a source has read, stored together with the records it gave. */
export interface Progress {
  readonly source: string;
  readonly position: string;
}

/** A reading that was judged ok. */
export interface KeptReading {
  readonly meter: string;
  readonly at: Instant;
  readonly watts: number;
}

/** All that detection remembers of a meter. */
export interface MeterRow {
  readonly meter: string;
  readonly state: Uint8Array;
  /** The clock when the newest good reading was folded. */
  readonly heardAt: Instant;
}

/** What one channel is to tell about one event; the key (episode, event, channel) is delivered at most once. */
export interface Alert {
  readonly episode: string;
  /** `opened`, `closed`, `meter_silent`, `meter_back`, or `still_on` with its instant. */
  readonly event: string;
  readonly channel: string;
  readonly record: AnomalyRecord;
  /** The sentence for people. */
  readonly text: string;
  /** Of the home. */
  readonly zone: string;
}

/** What a batch does to the projections. Applying it twice is the same as once. */
export interface Changes {
  readonly readings: readonly KeptReading[];
  readonly events: readonly AnomalyEvent[];
  readonly alerts: readonly Alert[];
}

/** What comes of a batch: it commits as a whole, together with the offsets. */
export interface Outcome {
  readonly produce: readonly NewRecord[];
  readonly changes: Changes;
  /** Called once it has committed. */
  readonly committed?: () => void;
}

/** Takes the changes of a batch and the meters that changed; the embedded transport calls it in its transaction. */
export interface Projection {
  apply(changes: Changes, meters: readonly MeterRow[]): void;
}

/** Folds a topic. `fold` is synchronous, so that nothing comes between it and its commit. */
export interface Consumer {
  readonly group: string;
  readonly topic: Topic;
  /** Records of a fold, at most. */
  readonly batch: number;
  /** What has to be asked of others before these records can be folded; undefined when nothing has. */
  prepare(records: readonly TopicRecord[]): Promise<void> | undefined;
  fold(records: readonly TopicRecord[]): Outcome;
  /** The meters that changed since they were saved last: all, or of these only. */
  save(meters?: Iterable<string>): MeterRow[];
  /** The last outcome did not commit: what was folded since the last commit is to be read from the store again. */
  forget(): void;
  /** For a transport that keeps the state itself: these meters stand as their rows say; without a row they are new. */
  restore(meters: Iterable<string>, rows: readonly MeterRow[]): void;
}

/** Before the first record of a topic. */
export const BEGINNING = '0';

/** The transport: three topics with offsets. Every promise rejects with a LeftOnError. */
export interface Topics {
  /**
   * Appends all or nothing; durable when it resolves. `progress` is stored in the same transaction.
   * @throws LeftOnError `log_full` (transient) when consumers are too far behind
   */
  produce(records: readonly NewRecord[], progress?: Progress): Promise<void>;
  /** Resolves when a produce would be taken; rejects when aborted. */
  room(signal: AbortSignal): Promise<void>;
  /** The position that a source stored last. */
  progress(source: string): Promise<string | undefined>;
  /** Folds until aborted. Offsets, produced records and changes commit atomically. Transient faults are retried. */
  consume(consumer: Consumer, signal: AbortSignal): Promise<void>;
  /**
   * Commits an outcome that no record caused, before any further batch is folded; on failure it calls `forget`.
   */
  commit(consumer: Consumer, outcome: Outcome): Promise<void>;
  /** Committed records after a position, BEGINNING, or from the end on; ends when aborted. */
  follow(topic: Topic, after: string | undefined, signal: AbortSignal): AsyncIterable<readonly TopicRecord[]>;
  /** Resolves when a group has committed all of a topic; rejects when aborted. */
  caughtUp(group: string, topic: Topic, signal: AbortSignal): Promise<void>;
  /** Records of a topic that a group has not committed yet. */
  lag(group: string, topic: Topic): Promise<number>;
  /** Why nothing can be consumed now; undefined while all is well. */
  trouble(): string | undefined;
}

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
