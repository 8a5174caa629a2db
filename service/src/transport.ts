import { setImmediate } from 'node:timers/promises';
import { codecOf, learnWriter } from './avro/codec-of.ts';
import { ReadingCodec } from './avro/reading-codec.ts';
import type { Settings } from './settings/settings.ts';
import { kafkaSettings } from './settings/kafka.ts';
import { KeptReadings } from './store/kept-readings.ts';
import type { Log } from './telemetry/log.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { Clock, Topics } from './ports.ts';
import type { Store } from './store-ports.ts';
import type { Database } from './sqlite/database.ts';
import { Erasure } from './sqlite/erasure.ts';
import type { RowCounts } from './sqlite/erasure.ts';
import { limitsFor } from './topics/log-limits.ts';
import { SqliteTopics } from './topics/sqlite.ts';

/** A home has a few meters; a process of a fleet has what its memory holds. */
const MOST_AT_HOME = 10_000;
const MOST_OF_A_FLEET = 500_000;

/** Where readings go and events come from. */
export interface Transport {
  /** Readings are produced and scored here. */
  readonly topics: Topics;
  /** People are told from here: this process's own file. */
  readonly local: SqliteTopics;
  /** How readings stand in raw_power. */
  readonly codec: ReadingCodec;
  /** The states that a meter may begin with. */
  readonly states: Pick<Store, 'meters'>;
  /** Meters that a process takes at most. */
  readonly mostMeters: number;
  /** Notes where `run` begins; before anything is scored. */
  begin(signal: AbortSignal): Promise<void>;
  /** Brings events into the local file, until aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when the events told so far are in the local file. */
  arrived(signal: AbortSignal): Promise<void>;
  /**
   * Forgets a meter: what was deleted here, or null where it was asked for on Kafka and is done by each process.
   * @param committed called before anything is read again
   */
  forget(meter: string, committed: () => void): Promise<RowCounts | null>;
  /** Why nothing is scored or told now; undefined while all is well. */
  trouble(scores: boolean): string | undefined;
  close(): Promise<void>;
}

/** What works on a meter ends; resolves when it can write nothing of it any more. */
export type LetGo = (meter: string) => Promise<unknown>;

/**
 * The embedded transport, or Kafka where the settings name brokers.
 * @param letGo called before a meter is forgotten or erased here, and again with the last of its rows
 */
export async function openTransport(
  settings: Settings,
  db: Database,
  store: Store,
  clock: Clock,
  log: Log,
  metrics: Metrics,
  letGo: LetGo,
): Promise<Transport> {
  const local = new SqliteTopics(db, store, clock, log, limitsFor(settings.keep_days));
  const erasure = new Erasure(db);
  const erase = async (meter: string, committed = (): void => undefined): Promise<RowCounts> => {
    await letGo(meter);
    return erasure.erase(meter, setImmediate, () => {
      // what was begun in the meantime: it ends in the same breath
      void letGo(meter);
      committed();
    });
  };
  const kafka = kafkaSettings(settings);
  const nothing = (): Promise<void> => Promise.resolve();
  if (kafka === undefined) {
    const none = { begin: nothing, run: nothing, arrived: nothing, close: nothing };
    const codec = ReadingCodec.embedded();
    return {
      topics: local,
      local,
      codec,
      states: store,
      mostMeters: MOST_AT_HOME,
      forget: erase,
      trouble: () => local.trouble(),
      ...none,
    };
  }
  const projection = new KeptReadings(db, store, log);
  // loaded when asked for: a home without Kafka does not pay for its client
  const { KafkaTopics } = await import('./topics/kafka/kafka.ts');
  const topics = new KafkaTopics(kafka, projection, log, {
    sharedOut: (seconds) => {
      metrics.rebalances.add(1);
      metrics.rebalance.observe(seconds);
    },
    takenOver: ({ seconds, states, foldedAgain }) => {
      metrics.takeover.observe(seconds);
      metrics.takeoverStates.add(states);
      metrics.foldedAgain.add(foldedAgain);
    },
    rebuilt: (seconds) => {
      metrics.rebuild.observe(seconds);
    },
    unfinished: (partitions) => {
      metrics.unfinished.set(partitions);
    },
    isBehind: (topic, partition, records) => {
      metrics.partitionLag.set(records, { topic, partition: String(partition) });
    },
    owns: (partitions) => {
      metrics.partitions.set(partitions);
    },
  });
  const codec = codecOf(settings);
  const mirror = topics.mirror('anomaly_power', local, async (meter) => {
    projection.lose(meter);
    await erase(meter);
  });
  return {
    topics,
    local,
    codec,
    // the states are in the log: what a file of this process holds may be older
    states: { meters: () => [] },
    mostMeters: MOST_OF_A_FLEET,
    forget: async (meter) => {
      // before its model files go: this process may be writing one
      await letGo(meter);
      await topics.forget(meter);
      return null;
    },
    begin: async (signal) => {
      await mirror.begin(signal);
      await learnWriter(codec, log, signal);
    },
    run: (signal) => mirror.run(signal),
    arrived: (signal) => mirror.caughtUp(signal),
    trouble: (scores) => local.trouble() ?? (scores ? topics.trouble() : undefined) ?? mirror.trouble(),
    close: () => topics.close(),
  };
}
