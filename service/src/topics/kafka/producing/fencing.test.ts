import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aLog, until } from '../../../a-service.test-data.ts';
import type { NewRecord, Outcome } from '../../../ports.ts';
import { bytes, NO_CHANGES, raw, Shouter, text } from '../../topics-contract.test.ts';
import { freshTopics, wholeTopic, withoutKafka } from '../a-kafka.test-data.ts';
import { KafkaClient } from '../client.ts';
import { KafkaTopics } from '../kafka.ts';
import type { KafkaSettings } from '../settings.ts';

/** Keys of two meters that are in the two partitions of a topic with two. */
const METERS = ['home', 'attic'] as const;

/** A transport whose consumer has folded one record of each meter. */
async function scoring(
  t: TestContext,
): Promise<{ settings: KafkaSettings; topics: KafkaTopics; shouter: Shouter }> {
  const settings = await freshTopics(2);
  const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog().log);
  const stop = new AbortController();
  await topics.produce(METERS.map((meter) => raw('a', meter)));
  const shouter = new Shouter('', stop);
  const consuming = topics.consume(shouter, stop.signal);
  t.after(async () => {
    stop.abort();
    await consuming;
    await topics.close();
  });
  await topics.caughtUp('test', 'raw_power', stop.signal);
  return { settings, topics, shouter };
}

/** Takes the transactional id of a partition over, as another process would that owns the partition now. */
async function shutOut(settings: KafkaSettings, partition: number): Promise<void> {
  const client = new KafkaClient(settings, aLog().log);
  const producer = await client.soleProducer(client.name(`test-raw_power-${partition}`));
  await producer.disconnect();
}

const told = async (settings: KafkaSettings): Promise<string[]> =>
  (await wholeTopic(settings, 'anomaly_power')).map((record) => `${record.key} ${text(record)}`).sort();

/** A silence of each meter. @param counted the meters whose silence has committed */
const silencesOf = (counted: string[]): Outcome[] =>
  METERS.map((key) => {
    const produce: NewRecord[] = [{ topic: 'anomaly_power', key, value: bytes('silent') }];
    return { produce, changes: NO_CHANGES, committed: () => counted.push(key) };
  });

const skip = withoutKafka() ?? false;

describe('a producer that claims a transactional id', { skip }, () => {
  it('ends what another had begun under it, before it writes anything itself', async () => {
    const settings = await freshTopics(1);
    const client = new KafkaClient(settings, aLog().log);
    const older = await client.soleProducer(client.name('x'));
    const transaction = await older.transaction();
    await transaction.send({
      topic: client.name('anomaly_power'),
      messages: [{ key: 'home', value: 'late' }],
    });
    const newer = await client.soleProducer(client.name('x'));
    await assert.rejects(transaction.commit());
    assert.deepEqual(await told(settings), []);
    await Promise.all([older.disconnect(), newer.disconnect()]);
  });
});

describe('what no record caused', { skip }, () => {
  it('is committed and counted once, by the partition of its meter', async (t) => {
    const { settings, topics, shouter } = await scoring(t);
    const counted: string[] = [];
    await topics.commit(shouter, silencesOf(counted));
    assert.deepEqual(counted.sort(), ['attic', 'home']);
    const silent = (await told(settings)).filter((line) => line.endsWith('silent'));
    assert.deepEqual(silent, ['attic silent', 'home silent']);
  });
});

describe('a partition that has been taken away without a word', { skip }, () => {
  it('commits nothing any more, and is taken over anew where it is still ours', async (t) => {
    const { settings, topics } = await scoring(t);
    await shutOut(settings, 0);
    await shutOut(settings, 1);
    await topics.produce(METERS.map((meter) => raw('b', meter)));
    await topics.caughtUp('test', 'raw_power', new AbortController().signal);
    assert.deepEqual(await told(settings), ['attic A', 'attic B', 'home A', 'home B']);
  });

  it('does not keep the other partitions from telling what no record caused', async (t) => {
    const { settings, topics, shouter } = await scoring(t);
    await shutOut(settings, 0);
    const counted: string[] = [];
    await assert.rejects(topics.commit(shouter, silencesOf(counted)), { faultClass: 'transient' });
    const silent = (await told(settings)).filter((line) => line.endsWith('silent'));
    assert.equal(silent.length, 1, 'the one whose partition is still ours');
    assert.deepEqual(
      counted.map((meter) => `${meter} silent`),
      silent,
    );
    // and what comes then is told of both
    await topics.produce(METERS.map((meter) => raw('c', meter)));
    await until('both partitions are scored again', async () => (await told(settings)).length === 5);
  });
});
