import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aLog } from '../../a-service.test-data.ts';
import { text } from '../topics-contract.test.ts';
import { freshTopics, wholeTopic, withoutKafka } from './a-kafka.test-data.ts';
import { KafkaClient } from './client.ts';
import type { KafkaSettings } from './settings.ts';

const told = async (settings: KafkaSettings): Promise<string[]> =>
  (await wholeTopic(settings, 'anomaly_power')).map((record) => `${record.key} ${text(record)}`).sort();

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
