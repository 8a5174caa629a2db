/** How to reach a Kafka cluster, and what is ours there. */
export interface KafkaSettings {
  readonly brokers: readonly string[];
  /** In front of the names of topics, consumer groups and transactional ids. */
  readonly prefix: string;
  /** A member that was not heard for this long has died, and others take its partitions. */
  readonly sessionMs: number;
  /** States of meters are written after so long; undefined: a minute. */
  readonly checkpointMs?: number;
  /** What was read and tells nothing commits no more often than this; undefined: 100 ms. */
  readonly quietMs?: number;
  /** And after so many records of a partition, so that no takeover folds more than these again; undefined: 500,000. */
  readonly checkpointReadings?: number;
  /** PEM texts; null: not encrypted. */
  readonly tls: {
    readonly ca: string | null;
    readonly cert: string | null;
    readonly key: string | null;
  } | null;
  readonly sasl: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  } | null;
}
