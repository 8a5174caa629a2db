import { Consumer, FetchIsolationLevels, MessagesStreamModes } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

const TRANSACTIONS = 6;
const READ_MS = 2_000;

/** Records of aborted transactions that a read_committed reader of each client was given; none is right. */
interface Leaks {
  readonly kafkajs: number;
  readonly platformatic: number;
}

/** Aborts every other transaction of one producer, and reads the topic with both clients. */
export async function abortedSeen(broker: string): Promise<Leaks> {
  const kafka = new Kafka({ clientId: 'aborted', brokers: [broker], logLevel: logLevel.NOTHING });
  const topic = `aborted-${randomUUID()}`;
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] });
  const producer = kafka.producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (let i = 0; i < TRANSACTIONS; i++) {
    const transaction = await producer.transaction();
    const aborts = i % 2 === 0;
    await transaction.send({ topic, messages: [{ value: aborts ? 'aborted' : 'committed' }] });
    await (aborts ? transaction.abort() : transaction.commit());
  }
  await producer.disconnect();
  const leaks = {
    kafkajs: count(await withKafkajs(kafka, topic)),
    platformatic: count(await withPlatformatic(broker, topic)),
  };
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
  return leaks;
}

const count = (values: readonly string[]): number => values.filter((value) => value === 'aborted').length;

async function withKafkajs(kafka: Kafka, topic: string): Promise<string[]> {
  const values: string[] = [];
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      values.push(String(message.value));
      return Promise.resolve();
    },
  });
  await setTimeout(READ_MS);
  await consumer.disconnect();
  return values;
}

async function withPlatformatic(broker: string, topic: string): Promise<string[]> {
  const values: string[] = [];
  const consumer = new Consumer({ clientId: 'aborted', groupId: `p-${topic}`, bootstrapBrokers: [broker] });
  const stream = await consumer.consume({
    topics: [topic],
    mode: MessagesStreamModes.EARLIEST,
    isolationLevel: FetchIsolationLevels.READ_COMMITTED,
  });
  stream.on('data', ({ value }) => values.push(String(value)));
  await setTimeout(READ_MS);
  await consumer.close(true);
  return values;
}
