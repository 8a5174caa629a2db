import { Consumer, FetchIsolationLevels, MessagesStreamModes } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { ReadingCodec } from '../../../service/src/avro/reading-codec.ts';

/** What a run took, from the first record to the last, in seconds. */
export type Seconds = number;

const FETCH = { maxBytes: 16 << 20, maxBytesPerPartition: 2 << 20 };

/** Consumes and decodes with kafkajs, and does nothing else. */
export async function bareKafkajs(broker: string, topic: string, count: number): Promise<Seconds> {
  const codec = ReadingCodec.embedded();
  const kafka = new Kafka({ clientId: 'bare', brokers: [broker], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `bare-${randomUUID()}`, ...FETCH });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let [began, read, sum] = [0, 0, 0];
  const { promise, resolve } = Promise.withResolvers<number>();
  await consumer.run({
    eachBatch: ({ batch }) => {
      began ||= performance.now();
      for (const { key, value, timestamp } of batch.messages) {
        if (value !== null) sum += codec.decode(value, key?.toString() ?? '', Number(timestamp)).watts;
      }
      read += batch.messages.length;
      if (read >= count) resolve(sum);
      return Promise.resolve();
    },
  });
  await promise;
  const seconds = (performance.now() - began) / 1_000;
  await consumer.disconnect();
  return seconds;
}

/** The same with @platformatic/kafka. */
export async function barePlatformatic(broker: string, topic: string, count: number): Promise<Seconds> {
  const codec = ReadingCodec.embedded();
  const consumer = new Consumer({
    clientId: 'bare',
    groupId: `bare-${randomUUID()}`,
    bootstrapBrokers: [broker],
    ...FETCH,
  });
  const stream = await consumer.consume({
    topics: [topic],
    mode: MessagesStreamModes.EARLIEST,
    isolationLevel: FetchIsolationLevels.READ_COMMITTED,
    highWaterMark: 50_000,
    autocommit: true,
    ...FETCH,
  });
  let [began, read, sum] = [0, 0, 0];
  const { promise, resolve } = Promise.withResolvers<number>();
  stream.on('data', ({ key, value, timestamp }) => {
    began ||= performance.now();
    sum += codec.decode(value, key.toString(), Number(timestamp)).watts;
    if (++read >= count) resolve(sum);
  });
  await promise;
  const seconds = (performance.now() - began) / 1_000;
  await consumer.close(true);
  return seconds;
}
