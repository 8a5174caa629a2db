import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aLog, until } from '../../a-service.test-data.ts';
import { raw, Shouter } from '../topics-contract.test.ts';
import { configured, freshTopics, withoutKafka } from './a-kafka.test-data.ts';
import { KafkaClient } from './client.ts';
import { KafkaTopics } from './kafka.ts';

const skip = withoutKafka() ?? false;

/** A process of which nothing commits, as what it tells is refused. */
async function aStuckProcess(t: TestContext) {
  const settings = await freshTopics(1);
  const unfinished: number[] = [];
  const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog().log, {
    ...{ sharedOut: () => undefined, rebuilt: () => undefined, takenOver: () => undefined },
    ...{ isBehind: () => undefined, owns: () => undefined, unfinished: (count) => unfinished.push(count) },
  });
  const stop = new AbortController();
  const shouter = new Shouter('', stop, 100);
  const consuming = topics.consume(shouter, stop.signal);
  t.after(async () => {
    stop.abort();
    await consuming;
    await topics.close();
  });
  await until('it scores', () => topics.trouble() === undefined);
  await configured(settings, 'anomaly_power', 'max.message.bytes', '100');
  await topics.produce([raw('x'.repeat(200))]);
  await until('it is said', () => topics.trouble()?.includes('nothing commits') === true);
  return { settings, topics, shouter, unfinished };
}

describe('a partition of which nothing commits', { skip }, () => {
  it('is told as trouble until it does', async (t) => {
    const { settings, topics, shouter, unfinished } = await aStuckProcess(t);
    for (let look = 0; look < 100; look++) {
      await setTimeout(25);
      assert.match(topics.trouble() ?? 'all is well', /nothing commits/);
    }
    assert.equal(unfinished.at(-1), 1);
    await configured(settings, 'anomaly_power', 'max.message.bytes', '1000000');
    await until('it is over', () => topics.trouble() === undefined);
    assert.equal(unfinished.at(-1), 0);
    assert.equal(shouter.told.length, 1);
  });

  it('is none any more where what did not seem to commit has, and nothing comes after it', async (t) => {
    const { settings, topics } = await aStuckProcess(t);
    const client = new KafkaClient(settings, aLog().log);
    const producer = await client.soleProducer(client.name('another'));
    t.after(() => producer.disconnect());
    const transaction = await producer.transaction();
    const partitions = [{ partition: 0, offset: '1' }];
    const offsets = [{ topic: client.name('raw_power'), partitions }];
    await transaction.sendOffsets({ consumerGroupId: client.name('test'), topics: offsets });
    await transaction.commit();
    await until('it is over', () => topics.trouble() === undefined, 20);
  });
});
