import type { AnomalyEvent, AnomalyRecord, Instant, LeftOnError } from '@lefton/core';

/** Tells the event time that detection takes for now: the system's, or a replay's simulated one. */
export interface Clock {
  now(): Instant;
}

/** Waits real time; resolves early when aborted. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export type Topic = 'raw_power' | 'raw_power_dead' | 'anomaly_power';

/** What a published model is, as tables: ranges by meter and bucket, zones by meter. */
export type ModelTopic = 'power_model' | 'meter_zone';

/** A row of a published model; null takes it away. */
export interface ModelRecord {
  readonly topic: ModelTopic;
  readonly key: string;
  readonly value: Uint8Array | null;
  /** From when on; the timestamp of the record, since one that takes away has no value to say it. */
  readonly from: Instant;
}

/** Takes published models. */
export interface ModelTopics {
  /** All or nothing. */
  put(records: readonly ModelRecord[]): Promise<void>;
  close(): Promise<void>;
}

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
  /** Why it is no record; its value is then what stands there in the log. */
  readonly unreadable?: LeftOnError | undefined;
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
  /** Of the home. */
  readonly zone: string;
  /** The header `traceparent` of the event; left out where nobody traces. */
  readonly trace?: string;
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
  /** Meters whose state is to go, because somebody asked for it. */
  readonly forgotten?: readonly string[];
  /** Called once it has committed. */
  readonly committed?: () => void;
}

/**
 * Takes the changes of a batch and the meters that changed. The embedded transport calls it in its transaction; on Kafka it
 * is called after the commit, and a fault of what it writes to is its own matter.
 */
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
  /** Meters heard for the first time since this was asked last; not those that were restored. */
  newcomers(): readonly string[];
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
   * Commits outcomes that no record caused, before any further batch is folded; on failure it calls `forget`.
   * @param outcomes each of one meter: who has that commits it
   */
  commit(consumer: Consumer, outcomes: readonly Outcome[]): Promise<void>;
  /** Committed records after a position, BEGINNING, or from the end on; ends when aborted. */
  follow(topic: Topic, after: string | undefined, signal: AbortSignal): AsyncIterable<readonly TopicRecord[]>;
  /** Resolves when a group has committed all of a topic; rejects when aborted. */
  caughtUp(group: string, topic: Topic, signal: AbortSignal): Promise<void>;
  /** Records of a topic that a group has not committed yet. */
  lag(group: string, topic: Topic): Promise<number>;
  /** Why nothing can be consumed now; undefined while all is well. */
  trouble(): string | undefined;
}
