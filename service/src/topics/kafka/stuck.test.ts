import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aLog, until } from '../../a-service.test-data.ts';
import { raw, Shouter } from '../topics-contract.test.ts';
import { configured, freshTopics, withoutKafka } from './a-kafka.test-data.ts';
import { KafkaTopics } from './kafka.ts';

const skip = withoutKafka() ?? false;

describe('a partition of which nothing commits', { skip }, () => {
  it('is told as trouble until it does', async (t) => {
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
});
