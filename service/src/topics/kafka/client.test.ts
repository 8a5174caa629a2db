import { LeftOnError } from '@lefton/core';
import type { Admin } from 'kafkajs';
import kafkajs from 'kafkajs';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Broker } from '../../../../scripts/kafka/broker.ts';
import { aLog } from '../../a-service.test-data.ts';
import type { MeterRow, NewRecord, Outcome, TopicRecord } from '../../ports.ts';
import { bytes, raw, Shouter, take, text } from '../topics-contract.test.ts';
import { Authority } from './a-certificate.test-data.ts';
import { freshTopics, settingsFor, wholeTopic, withoutKafka } from './a-kafka.test-data.ts';
import { KafkaClient } from './client.ts';
import { KafkaTopics } from './kafka.ts';
import { Records } from './records/records.ts';
import type { KafkaSettings } from './settings.ts';
import { Texts } from './records/texts.ts';
import { TopicAdmin } from './admin/topic-admin.ts';

const PASSWORD = 'not-to-be-seen-anywhere';
const skip = withoutKafka() ?? false;

const open = (settings: KafkaSettings): KafkaTopics =>
  new KafkaTopics(settings, { apply: () => undefined }, aLog().log);

describe('the Kafka client against this broker', { skip }, () => {
  it('shows what a transaction commits and not what it aborts', async () => {
    const settings = await freshTopics(1);
    const client = new KafkaClient(settings, aLog().log);
    const producer = await client.soleProducer(client.name('x'));
    const topic = client.name('anomaly_power');
    for (const value of ['aborted', 'committed']) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ key: 'home', value }] });
      await (value === 'aborted' ? transaction.abort() : transaction.commit());
    }
    await producer.disconnect();
    assert.deepEqual((await wholeTopic(settings, 'anomaly_power')).map(text), ['committed']);
  });

  it('lets a test see the whole of a topic, also what is being committed while it looks', async (t) => {
    const settings = await freshTopics(1);
    const client = new KafkaClient(settings, aLog().log);
    const producer = await client.soleProducer(client.name('x'));
    t.after(() => producer.disconnect());
    const transaction = await producer.transaction();
    await transaction.send({
      topic: client.name('anomaly_power'),
      messages: [{ key: 'home', value: 'late' }],
    });
    const whole = wholeTopic(settings, 'anomaly_power');
    // whoever does not wait has looked by then
    await Promise.race([whole, setTimeout(1_000)]);
    await transaction.commit();
    assert.deepEqual((await whole).map(text), ['late']);
  });

  it('shows nothing of what was aborted where two wrote at the same time, and the later one ended first', async () => {
    const settings = await freshTopics(1);
    const client = new KafkaClient(settings, aLog().log);
    const topic = client.name('anomaly_power');
    const producers = await Promise.all(['x', 'y'].map((id) => client.soleProducer(client.name(id))));
    const transactions = [];
    for (const producer of producers) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ key: 'home', value: 'aborted' }] });
      transactions.unshift(transaction);
    }
    for (const transaction of transactions) await transaction.abort();
    await producers[0]?.send({ topic, messages: [{ key: 'home', value: 'committed' }] });
    await Promise.all(producers.map((producer) => producer.disconnect()));
    assert.deepEqual((await wholeTopic(settings, 'anomaly_power')).map(text), ['committed']);
  });

  it('keeps what it sends at the same time in order, each once', async () => {
    const settings = await freshTopics(1);
    const topics = open(settings);
    const values = Array.from({ length: 50 }, (_, i) => `r${i}`);
    await Promise.all(values.map((value) => topics.produce([raw(value)])));
    await topics.close();
    const found = (await wholeTopic(settings, 'raw_power')).map(text);
    assert.deepEqual(found.sort(), values.sort());
  });

  it('reads nothing while it is paused, and goes on from where it is told', async () => {
    const settings = await freshTopics(1);
    const topics = open(settings);
    // a batch each: kafkajs seeks between batches
    for (const value of ['a', 'b', 'c']) await topics.produce([raw(value)]);
    await topics.close();
    const client = new KafkaClient(settings, aLog().log);
    const topic = client.name('raw_power');
    const consumer = client.consumer(client.name('reader'));
    const read: string[] = [];
    const { promise: finished, resolve } = Promise.withResolvers<undefined>();
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    consumer.on(consumer.events.GROUP_JOIN, () => {
      consumer.pause([{ topic, partitions: [0] }]);
      consumer.seek({ topic, partition: 0, offset: '1' });
      consumer.resume([{ topic, partitions: [0] }]);
    });
    await consumer.run({
      autoCommit: false,
      eachMessage: (payload) => {
        read.push(...new Records([payload.message], 0, 0, new Texts()).take(Infinity).map(text));
        if (read.length === 1) {
          const again = payload.pause();
          consumer.seek({ topic, partition: 0, offset: '0' });
          again();
        }
        if (read.length === 4) resolve(undefined);
        return Promise.resolve();
      },
    });
    await finished;
    await consumer.disconnect();
    assert.deepEqual(read, ['b', 'a', 'b', 'c']);
  });
});

/** What a principal may do: a resource, its name without the prefix, and the operations. */
type Right = readonly [
  resource: 'TOPIC' | 'GROUP' | 'TRANSACTIONAL_ID',
  name: string,
  operation: 'READ' | 'WRITE',
];

/** All that a process needs that scores, takes readings and tells people; docs list the same. */
const RIGHTS: readonly Right[] = [
  ['TOPIC', 'raw_power', 'READ'],
  ['TOPIC', 'raw_power', 'WRITE'],
  ['TOPIC', 'raw_power_dead', 'WRITE'],
  ['TOPIC', 'anomaly_power', 'READ'],
  ['TOPIC', 'anomaly_power', 'WRITE'],
  ['TOPIC', 'meter_state', 'READ'],
  ['TOPIC', 'meter_state', 'WRITE'],
  ['TOPIC', 'source_progress', 'READ'],
  ['TOPIC', 'source_progress', 'WRITE'],
  ['GROUP', 'test', 'READ'],
  ['GROUP', 'tail-*', 'READ'],
  ['TRANSACTIONAL_ID', 'test-raw_power-*', 'WRITE'],
  ['TRANSACTIONAL_ID', 'source-*', 'WRITE'],
];

/** Tells each record, keeps it as a dead letter too, and has a state to be kept; stops when the last is committed. */
class Scribe extends Shouter {
  readonly #last: string;
  readonly #stop: AbortController;

  constructor(last: string, stop: AbortController) {
    super('', stop);
    this.#last = last;
    this.#stop = stop;
  }

  override fold(records: readonly TopicRecord[]): Outcome {
    const outcome = super.fold(records);
    const dead = records.map(({ key, value }): NewRecord => ({ topic: 'raw_power_dead', key, value }));
    const committed = (): void => {
      if (records.some((record) => text(record) === this.#last)) this.#stop.abort();
    };
    return { ...outcome, produce: [...outcome.produce, ...dead], committed };
  }

  override save(): [] {
    const row: MeterRow = { meter: 'home', state: bytes('state'), heardAt: 1 };
    return [row] as unknown as [];
  }
}

/** Everything that a service does with its transport, in turn. */
async function useAll(topics: KafkaTopics): Promise<void> {
  for (const [value, progress] of [
    ['a', undefined],
    ['b', { source: 'tail x', position: '1' }],
  ] as const) {
    await topics.produce([raw(value)], progress);
    // the second one begins with the states of the first
    const stop = new AbortController();
    await topics.consume(new Scribe(value, stop), stop.signal);
  }
  assert.equal(await topics.progress('tail x'), '1');
  assert.deepEqual((await take(topics, 'anomaly_power', 2)).map(text), ['A', 'B']);
  await topics.caughtUp('test', 'raw_power', new AbortController().signal);
}

describe('a broker that lets in who it knows', { skip }, () => {
  let folder: string;
  let broker: Broker;
  let authority: Authority;
  let admin: Admin;
  let secured: (username: string, password?: string) => KafkaSettings;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lefton-'));
    authority = new Authority(folder);
    broker = await Broker.start({
      secure: ['SSL', 'SASL_SSL'],
      users: { lefton: PASSWORD, other: PASSWORD },
      properties: {
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.location': authority.sign('broker').both,
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': authority.cert,
        'listener.name.ssl.ssl.client.auth': 'required',
        'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
        'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config':
          'org.apache.kafka.common.security.scram.ScramLoginModule required;',
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        // whoever comes to the plain listener: the broker itself, and these tests where they give rights
        'super.users': 'User:ANONYMOUS',
      },
    });
    const ca = readFileSync(authority.cert, 'utf8');
    secured = (username, password = PASSWORD) => ({
      ...settingsFor(broker.addressOf('SASL_SSL')),
      tls: { ca, cert: null, key: null },
      sasl: { mechanism: 'scram-sha-512', username, password },
    });
    admin = new KafkaClient(settingsFor(broker.address), aLog().log).admin();
    await admin.connect();
  });
  after(async () => {
    await admin.disconnect();
    await broker.stop();
    rmSync(folder, { recursive: true });
  });

  async function give(user: string, prefix: string, rights: readonly Right[]): Promise<void> {
    const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;
    await admin.createAcls({
      acl: rights.map(([resource, name, operation]) => ({
        resourceType: AclResourceTypes[resource],
        resourceName: prefix + name.replace('*', ''),
        resourcePatternType: name.endsWith('*')
          ? ResourcePatternTypes.PREFIXED
          : ResourcePatternTypes.LITERAL,
        principal: `User:${user}`,
        host: '*',
        operation: AclOperationTypes[operation],
        permissionType: AclPermissionTypes.ALLOW,
      })),
    });
  }

  /** Topics made by who may, and rights on them for another. */
  async function withRights(rights: readonly Right[], user = 'lefton'): Promise<KafkaSettings> {
    const settings = secured(user);
    const makes = { ...settingsFor(broker.address), prefix: settings.prefix };
    await new TopicAdmin(makes, aLog().log).create({ partitions: 1, replication: -1 });
    // the states are read only where there are some
    const producer = new KafkaClient(makes, aLog().log).producer();
    await producer.connect();
    await producer.send({
      topic: `${makes.prefix}meter_state`,
      messages: [{ key: 'nobody', value: 'no state' }],
    });
    await producer.disconnect();
    await give(user, settings.prefix, rights);
    return settings;
  }

  it('needs no more rights than these', async () => {
    const topics = open(await withRights(RIGHTS));
    await useAll(topics);
    await topics.close();
  });

  for (const missing of RIGHTS) {
    const [resource, name, operation] = missing;
    it(`says what is denied without ${operation} on ${resource} ${name}`, { timeout: 20_000 }, async () => {
      const topics = open(await withRights(RIGHTS.filter((right) => right !== missing)));
      const what = { TOPIC: /topics/, GROUP: /consumer group/, TRANSACTIONAL_ID: /transactional ids/ }[
        resource
      ];
      await assert.rejects(useAll(topics), (error: unknown) => {
        assert.ok(error instanceof LeftOnError, String(error));
        assert.deepEqual([error.code, error.faultClass], ['kafka_denied', 'fatal'], error.message);
        assert.match(error.message, what);
        return true;
      });
      await topics.close();
    });
  }

  it('is told from one that refuses the login, without the password', async () => {
    const wrong = `${PASSWORD}-wrong`;
    const { log, lines } = aLog();
    const topics = new KafkaTopics(secured('lefton', wrong), { apply: () => undefined }, log);
    await assert.rejects(topics.produce([raw('a')]), (error: unknown) => {
      assert.ok(error instanceof LeftOnError, String(error));
      assert.deepEqual([error.code, error.faultClass], ['kafka_login_refused', 'fatal']);
      assert.ok(!error.message.includes(PASSWORD), 'the password is not told');
      return true;
    });
    await topics.close();
    assert.ok(!lines.join('').includes(PASSWORD), 'the password is not logged');
  });

  it('may know somebody by a certificate alone, if the right authority has signed it', async () => {
    const rightful = await withRights(RIGHTS, 'CN=known');
    const ca = rightful.tls?.ca ?? null;
    const by = (authority: Authority, name: string): KafkaTopics => {
      const { cert, key } = authority.sign(name);
      const tls = { ca, cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
      return open({ ...rightful, brokers: [broker.addressOf('SSL')], tls, sasl: null });
    };
    const known = by(authority, 'known');
    await useAll(known);
    await known.close();
    const stranger = by(new Authority(mkdtempSync(join(folder, 'other-'))), 'known');
    await assert.rejects(stranger.produce([raw('a')]), { code: 'kafka_unavailable' });
    await stranger.close();
  });
});
