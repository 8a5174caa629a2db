import { Kafka, logLevel } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { KafkaTopics } from '../../../service/src/topics/kafka/kafka.ts';
import { Records } from '../../../service/src/topics/kafka/records/records.ts';
import { stateMessage } from '../../../service/src/topics/kafka/partition/state-record.ts';
import { Texts } from '../../../service/src/topics/kafka/records/texts.ts';
import { TopicAdmin } from '../../../service/src/topics/kafka/admin/topic-admin.ts';
import { aLog } from '../kafka/scorer.ts';
import { aFleet, minuteOf } from './homes.ts';

/** Seconds until a partition with the states of so many meters can be read. */
export interface Rebuilt {
  /** By the service's own metrics. */
  readonly seconds: number;
  /** Until the same client has read the same records and done nothing. */
  readonly bareSeconds: number;
  readonly bytes: number;
}

const PIECE = 100;

/** Takes over a partition of which the states of `meters` are in the log. */
export async function rebuilt(broker: string, fleet: string, meters: number): Promise<Rebuilt> {
  const prefix = `${randomUUID().slice(0, 8)}.`;
  const settings = { brokers: [broker], prefix, sessionMs: 10_000, tls: null, sasl: null };
  await new TopicAdmin(settings, aLog()).create({ partitions: 1, replication: 1 });
  const kafka = new Kafka({ clientId: 'bench', brokers: [broker], logLevel: logLevel.NOTHING });
  const bytes = await writeStates(kafka, `${prefix}meter_state`, fleet, meters);

  const bareSeconds = await readAll(kafka, `${prefix}meter_state`, meters);
  const { pipeline } = aFleet(fleet, 1e9);
  const { promise, resolve } = Promise.withResolvers<number>();
  const observer = {
    sharedOut: () => undefined,
    owns: () => undefined,
    rebuilt: () => undefined,
    unfinished: () => undefined,
    isBehind: () => undefined,
    takenOver: ({ seconds, states }: { seconds: number; states: number }) => {
      if (states !== meters) throw new Error(`${states} states of ${meters}`);
      resolve(seconds);
    },
  };
  const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog(), observer);
  const stop = new AbortController();
  const consuming = topics.consume(pipeline, stop.signal);
  const seconds = await promise;
  stop.abort();
  await consuming;
  await topics.close();
  return { seconds, bareSeconds, bytes };
}

/** The rows that a checkpoint writes; the bytes of their values. */
async function writeStates(kafka: Kafka, topic: string, fleet: string, meters: number): Promise<number> {
  const { pipeline } = aFleet(fleet, 1e9);
  for (const minute of [0, 1, 2])
    for (const records of minuteOf(minute, meters, pipeline.batch)) pipeline.fold(records);
  const rows = pipeline.save();
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (let from = 0; from < rows.length; from += PIECE) {
    const messages = rows
      .slice(from, from + PIECE)
      .map((row) => stateMessage({ ...row, next: 0, checkpoint: 0 }, 0));
    await producer.send({ topic, messages, acks: -1 });
  }
  await producer.disconnect();
  return rows.reduce((sum, { state }) => sum + state.byteLength, 0);
}

async function readAll(kafka: Kafka, topic: string, count: number): Promise<number> {
  const consumer = kafka.consumer({ groupId: `bare-${randomUUID()}`, maxBytesPerPartition: 1 << 20 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const texts = new Texts();
  let [began, read] = [0, 0];
  consumer.on('consumer.group_join', () => {
    began = performance.now();
  });
  await consumer.run({
    eachBatch: ({ batch }) => {
      read += new Records(batch.messages, 0, batch.partition, texts).take(Infinity).length;
      if (read >= count) resolve(undefined);
      return Promise.resolve();
    },
  });
  await promise;
  const seconds = (performance.now() - began) / 1_000;
  await consumer.disconnect();
  return seconds;
}
