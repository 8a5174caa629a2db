import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aLog, until } from '../../../a-service.test-data.ts';
import { freshTopics, withoutKafka } from '../a-kafka.test-data.ts';
import { KafkaClient } from '../client.ts';
import { KafkaTopics } from '../kafka.ts';
import { lagOf } from './lag.ts';

describe('the lag of a group', { skip: withoutKafka() ?? false }, () => {
  it('is said of each partition: what is behind the commit, or behind what is known to be read', async (t) => {
    const settings = await freshTopics(3);
    const { log } = aLog();
    const topics = new KafkaTopics(settings, { apply: () => undefined }, log);
    const client = new KafkaClient(settings, log);
    const admin = client.admin();
    await admin.connect();
    t.after(async () => {
      await admin.disconnect();
      await topics.close();
    });
    const keys = Array.from({ length: 50 }, (_, i) => `meter-${i}`);
    await topics.produce(keys.map((key) => ({ topic: 'raw_power', key, value: Buffer.from('x') })));
    const [group, topic] = [client.name('scorer'), client.name('raw_power')];
    const lags = new Map<number, number>();
    await until('the coordinator is there', async () => {
      const now = await lagOf(admin, group, topic, () => undefined).catch(() => undefined);
      for (const [partition, lag] of now ?? []) lags.set(partition, lag);
      return now !== undefined;
    });
    assert.deepEqual([...lags.keys()].sort(), [0, 1, 2]);
    assert.ok([...lags.values()].every((lag) => lag > 0));
    assert.equal(
      [...lags.values()].reduce((sum, lag) => sum + lag, 0),
      keys.length,
    );
    await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 1, offset: '2' }] });
    const later = await lagOf(admin, group, topic, (partition) => (partition === 2 ? 3 : undefined));
    const of = (partition: number, read: number): number => (lags.get(partition) ?? NaN) - read;
    assert.deepEqual([...later].sort(), [
      [0, of(0, 0)],
      [1, of(1, 2)],
      [2, of(2, 3)],
    ]);
  });
});
