import { Admin, FetchIsolationLevels } from '@platformatic/kafka';
import assert from 'node:assert/strict';
import kafkajs from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import type { TestContext } from 'node:test';
import { Broker } from '../../../../scripts/kafka/broker.ts';
import type { BrokerSettings } from '../../../../scripts/kafka/broker.ts';
import { missingJava } from '../../../../scripts/kafka/java.ts';
import { aLog, until } from '../../a-service.test-data.ts';
import type { TopicRecord } from '../../ports.ts';
import { KafkaClient } from './client.ts';
import type { KafkaSettings } from './settings.ts';
import { isAt, Tail } from './tail.ts';
import type { Places } from './tail.ts';
import { TopicAdmin } from './admin/topic-admin.ts';

/** In place of an instant: the end. */
const LATEST = -1n;

/**
 * Why tests with a broker are skipped here; undefined where they run. Where REQUIRE_KAFKA is set they run, and
 * fail, whatever is missing.
 */
export function withoutKafka(): string | undefined {
  const { KAFKA_BROKERS, REQUIRE_KAFKA } = process.env;
  return KAFKA_BROKERS === undefined && REQUIRE_KAFKA === undefined ? missingJava() : undefined;
}

/** Settings for topics of one test alone on a cluster. */
export function settingsFor(brokers: string): KafkaSettings {
  const prefix = `${randomUUID().slice(0, 8)}.`;
  return { brokers: brokers.split(','), prefix, sessionMs: 1_000, tls: null, sasl: null };
}

/** A broker of the test's own. */
export async function aBroker(t: TestContext, settings: Partial<BrokerSettings> = {}): Promise<Broker> {
  const broker = await Broker.start(settings);
  t.after(() => broker.stop());
  return broker;
}

let shared: Promise<Broker> | undefined;
after(async () => (await shared)?.stop());

/** The cluster that tests share: KAFKA_BROKERS, or a broker that ends with the file's tests. */
export async function sharedBrokers(): Promise<string> {
  const { KAFKA_BROKERS } = process.env;
  if (KAFKA_BROKERS !== undefined) return KAFKA_BROKERS;
  shared ??= Broker.start();
  return (await shared).address;
}

/** Fresh topics of the test's own on the shared cluster; with those that streaming SQL writes, where it is asked for. */
export async function freshTopics(partitions = 3, brokers?: string, sql = false): Promise<KafkaSettings> {
  const settings = settingsFor(brokers ?? (await sharedBrokers()));
  await new TopicAdmin(settings, aLog().log, sql).create({ partitions, replication: -1 });
  return settings;
}

/** Deletes a topic and makes it again, empty. */
export async function madeAnew(settings: KafkaSettings, topic: string): Promise<void> {
  const { log } = aLog();
  const client = new KafkaClient(settings, log);
  const admin = client.admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [client.name(topic)] });
  const partitions = topics[0]?.partitions.length ?? 1;
  await admin.deleteTopics({ topics: [client.name(topic)] });
  await until(`${topic} is gone`, async () => !(await admin.listTopics()).includes(client.name(topic)));
  await admin.disconnect();
  await new TopicAdmin(settings, log).create({ partitions, replication: -1 });
}

/** What the client commits for its group when the offset that it was to read is gone: the oldest, whichever that is. */
const OLDEST = '-2';

/** Resolves when a reader of a topic that was made anew has found that its place there is gone. */
export async function noticed(settings: KafkaSettings, topic: string): Promise<void> {
  const client = new KafkaClient(settings, aLog().log);
  const admin = client.admin();
  await admin.connect();
  const isNoticed = async (): Promise<boolean> => {
    const { groups } = await admin.listGroups();
    const own = groups.filter(({ groupId }) => groupId.startsWith(client.name('')));
    const offsets = await Promise.all(
      own.map(({ groupId }) => admin.fetchOffsets({ groupId, topics: [client.name(topic)] })),
    );
    return offsets.flat().some(({ partitions }) => partitions.some(({ offset }) => offset === OLDEST));
  };
  await until(`it is noticed that ${topic} is another`, isNoticed, 20).finally(() => admin.disconnect());
}

/** Sets one key of a topic. */
export async function configured(
  settings: KafkaSettings,
  topic: string,
  name: string,
  value: string,
): Promise<void> {
  const client = new KafkaClient(settings, aLog().log);
  const admin = client.admin();
  await admin.connect();
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const resources = [{ type, name: client.name(topic), configEntries: [{ name, value }] }];
  await admin.alterConfigs({ validateOnly: false, resources });
  await admin.disconnect();
}

/**
 * All that a topic holds now, as who reads what is committed sees it. A commit that was answered may still be on its way
 * into the log: what is written but not decided yet is waited for.
 */
export async function wholeTopic(settings: KafkaSettings, topic: string): Promise<TopicRecord[]> {
  const { log } = aLog();
  const client = new KafkaClient(settings, log);
  const name = client.name(topic);
  const admin = client.admin();
  await admin.connect();
  const placesAt = async (end: 'low' | 'high'): Promise<Places> =>
    new Map((await admin.fetchTopicOffsets(name)).map((each) => [each.partition, Number(each[end])]));
  const from = await placesAt('low');
  const ends = await writtenEnds(settings, name, [...from.keys()]);
  await until(`what was written to ${topic} is decided`, async () => isAt(await placesAt('high'), ends));
  await admin.disconnect();
  const all: TopicRecord[] = [];
  if (isAt(from, ends)) return all;
  for await (const { records, after } of new Tail(client, name, from, log).read(
    new AbortController().signal,
  )) {
    all.push(...records);
    if (isAt(after, ends)) break;
  }
  return all;
}

/** Where a topic ends for who reads all that is written. kafkajs asks for what is committed alone. */
async function writtenEnds(
  { brokers }: KafkaSettings,
  name: string,
  partitions: readonly number[],
): Promise<Places> {
  const admin = new Admin({ clientId: 'lefton-test', bootstrapBrokers: [...brokers] });
  try {
    const [ends] = await admin.listOffsets({
      topics: [{ name, partitions: partitions.map((each) => ({ partitionIndex: each, timestamp: LATEST })) }],
      isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED,
    });
    assert.ok(ends !== undefined);
    return new Map(ends.partitions.map((each) => [each.partitionIndex, Number(each.offset)]));
  } finally {
    await admin.close();
  }
}
