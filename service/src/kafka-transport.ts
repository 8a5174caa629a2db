import { codecOf, learnWriter } from './avro/codec-of.ts';
import { KeptReadings } from './store/kept-readings.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { KafkaTopics } from './topics/kafka/kafka.ts';
import type { Onlooker } from './topics/kafka/group/onlooker.ts';
import type { KafkaSettings } from './topics/kafka/settings.ts';
import type { OwnFile, Transport, TransportDeps } from './transport.ts';

/** A process of a fleet has what its memory holds. */
const MOST_METERS = 500_000;

/** Readings are produced and scored on Kafka; its events are brought into the own file, and told from there. */
export function kafkaTransport(
  kafka: KafkaSettings,
  { settings, db, store, log, metrics, letGo }: TransportDeps,
  { local, erase }: OwnFile,
): Transport {
  const projection = new KeptReadings(db, store, log);
  const topics = new KafkaTopics(kafka, projection, log, countedIn(metrics));
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
    mostMeters: MOST_METERS,
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

/** What happens to the partitions of this process, counted. */
const countedIn = (metrics: Metrics): Onlooker => ({
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
