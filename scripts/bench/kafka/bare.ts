import { Consumer, FetchIsolationLevels, MessagesStreamModes } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { ReadingCodec } from '../../../service/src/avro/reading-codec.ts';

/** What a run took. */
export interface Taken {
  /** From the first record to the last. */
  readonly seconds: number;
  /** Processor time of the whole process, its start included. */
  readonly cpu: number;
}

/** What has been taken since an instant of performance.now. */
export function takenSince(began: number): Taken {
  const { user, system } = process.cpuUsage();
  return { seconds: (performance.now() - began) / 1_000, cpu: (user + system) / 1e6 };
}

const FETCH = { maxBytes: 16 << 20, maxBytesPerPartition: 2 << 20 };

/** Consumes and decodes with kafkajs, and does nothing else. */
export async function bareKafkajs(broker: string, topic: string, count: number): Promise<Taken> {
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
  const taken = takenSince(began);
  await consumer.disconnect();
  return taken;
}

/** The same with @platformatic/kafka. */
export async function barePlatformatic(broker: string, topic: string, count: number): Promise<Taken> {
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
  const taken = takenSince(began);
  await consumer.close(true);
  return taken;
}
