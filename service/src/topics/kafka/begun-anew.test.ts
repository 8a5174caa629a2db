import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aLog, until } from '../../a-service.test-data.ts';
import type { Topic } from '../../ports.ts';
import { raw, Shouter } from '../topics-contract.test.ts';
import { freshTopics, madeAnew, noticed, withoutKafka } from './a-kafka.test-data.ts';
import { KafkaTopics } from './kafka.ts';
import type { KafkaSettings } from './settings.ts';

const skip = withoutKafka() ?? false;
const SAID = '"event":"a topic was made anew, or its group forgotten: it is read from its beginning"';

/** A process that scores, from its start to its end. */
function aProcess(t: TestContext, settings: KafkaSettings) {
  const { log, lines } = aLog();
  const topics = new KafkaTopics(settings, { apply: () => undefined }, log);
  const stop = new AbortController();
  const shouter = new Shouter('', stop, 100);
  const consuming = topics.consume(shouter, stop.signal);
  const end = async (): Promise<void> => {
    stop.abort();
    await consuming;
    await topics.close();
  };
  t.after(end);
  return { shouter, lines, end };
}

/** Writes records by a client that knows nothing of the topic that was there before. */
async function write(settings: KafkaSettings, ...texts: string[]): Promise<void> {
  const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog().log);
  await topics.produce(texts.map((text) => raw(text)));
  await topics.close();
}

describe('readings of a topic that was deleted and made again', { skip }, () => {
  const topic: Topic = 'raw_power';

  it('are told by who was off in the meantime, whatever its states stood for', async (t) => {
    const settings = { ...(await freshTopics(1)), checkpointMs: 1 };
    const before = aProcess(t, settings);
    await write(settings, 'a', 'b');
    await until('both are told', () => before.shouter.told.length === 2);
    await write(settings, 'c');
    await until('the third is told', () => before.shouter.told.length === 3);
    await before.end();
    await madeAnew(settings, topic);
    await write(settings, 'd');
    const after = aProcess(t, settings);
    await until('the new one is told', () => after.shouter.told.includes('d'));
    await after.end();
    assert.ok(
      after.lines.some((line) => line.includes(SAID)),
      after.lines.join('\n'),
    );
    await write(settings, 'e');
    const later = aProcess(t, settings);
    await until('what comes then is told', () => later.shouter.told.includes('e'));
    await later.end();
    assert.ok(!later.lines.some((line) => line.includes(SAID)), 'said once');
  });

  for (const [how, news] of [
    ['one by one', ['d']],
    ['more at once than there were before', ['d', 'e', 'f', 'g', 'h']],
  ] as const)
    it(`are told by who reads it all the time, ${how}`, async (t) => {
      const settings = { ...(await freshTopics(1)), checkpointMs: 1 };
      const { shouter, lines, end } = aProcess(t, settings);
      await write(settings, 'a', 'b', 'c');
      await until('all are told', () => shouter.told.length === 3);
      await madeAnew(settings, topic);
      await noticed(settings, topic);
      await write(settings, ...news);
      const last = news.at(-1) ?? '';
      await until('the new ones are told', () => shouter.told.includes(last), 20).catch((error: unknown) => {
        throw new Error(lines.join('\n'), { cause: error });
      });
      await end();
      assert.deepEqual(shouter.told, ['a', 'b', 'c', ...news]);
    });
});
