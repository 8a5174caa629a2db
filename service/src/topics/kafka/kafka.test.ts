import { describe } from 'node:test';
import type { TestContext } from 'node:test';
import { aLog } from '../../a-service.test-data.ts';
import type { Changes } from '../../ports.ts';
import { topicsContract } from '../topics-contract.test.ts';
import type { TopicsUnderTest } from '../topics-contract.test.ts';
import { freshTopics, withoutKafka } from './a-kafka.test-data.ts';
import { KafkaTopics } from './kafka.ts';
import type { KafkaSettings } from './settings.ts';

function open(t: TestContext, settings: KafkaSettings): TopicsUnderTest {
  const applied: Changes[] = [];
  const projection = {
    apply: (changes: Changes) => {
      applied.push(changes);
    },
  };
  const topics = new KafkaTopics(settings, projection, aLog().log);
  t.after(() => topics.close());
  return {
    topics,
    applied,
    reopen: async () => {
      await topics.close();
      return open(t, settings);
    },
  };
}

const skip = withoutKafka() ?? false;

describe('Apache Kafka', { skip }, () => {
  topicsContract('kafka', async (t) => open(t, await freshTopics(1)));
});
