import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aFolder, aLog, aModelFile } from '../../a-service.test-data.ts';
import { freshTopics, wholeTopic, withoutKafka } from './a-kafka.test-data.ts';
import { chance, expectedOf, Scorer, streamed, textsByKey } from './a-scorer.test-data.ts';
import { KafkaTopics } from './kafka.ts';

const READINGS = 300_000;
const PARTITIONS = 6;
const KILLS = 30;
const PIECE = 1_000;
const JOINS_AT = 10;
const LEAVES_AT = 20;

const skip = withoutKafka() ?? false;

describe('kill -9 of processes that share the scoring', { skip }, () => {
  it(`at ${KILLS} random moments while ${READINGS} readings stream loses nothing and tells nothing twice`, async (t) => {
    const random = chance(20180805);
    const folder = aFolder(t);
    const model = aModelFile(folder);
    const records = streamed(READINGS, KILLS, random);
    const settings = await freshTopics(PARTITIONS);
    const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog().log);
    t.after(() => topics.close());
    const started = new Map<string, Scorer>();
    const start = (name: string): void => {
      started.set(name, new Scorer(t, settings, join(folder, `${name}.db`), model));
    };
    start('a');
    start('b');

    let inTheMiddle = 0;
    const perKill = Math.ceil(records.length / KILLS);
    for (let kill = 0; kill < KILLS; kill++) {
      const until = Math.min(records.length, (kill + 1) * perKill);
      const stream = async (): Promise<void> => {
        for (let from = kill * perKill; from < until; from += PIECE)
          await topics.produce(records.slice(from, Math.min(until, from + PIECE)));
      };
      const streaming = stream();
      if (kill === JOINS_AT) start('c');
      if (kill === LEAVES_AT) {
        const leaving = started.get('c');
        started.delete('c');
        await leaving?.url();
        assert.equal(await leaving?.end('SIGTERM'), 0, leaving?.logged.join('\n'));
      }
      const names = [...started.keys()];
      const name = names[Math.floor(random() * names.length)] ?? 'a';
      const victim = started.get(name);
      // while it starts, or while it scores
      if (kill % 3 !== 0) await victim?.says('a partition is taken over');
      await setTimeout(random() * 900);
      assert.equal(await victim?.end('SIGKILL'), 'SIGKILL', victim?.logged.join('\n'));
      // not known while the coordinator of the group comes up
      if ((await topics.lag('scorer', 'raw_power').catch(() => 0)) > 0) inTheMiddle++;
      start(name);
      await streaming;
    }
    await topics.caughtUp('scorer', 'raw_power', new AbortController().signal);

    t.diagnostic(`${inTheMiddle} of ${KILLS} kills left readings that were taken and not yet scored`);
    const expected = expectedOf(model, records);
    const expectedEvents = expected.filter(({ topic }) => topic === 'anomaly_power');
    assert.ok(expectedEvents.length > 700, `${expectedEvents.length} events`);
    assert.deepEqual(textsByKey(await wholeTopic(settings, 'anomaly_power')), textsByKey(expectedEvents));
    const dead = await wholeTopic(settings, 'raw_power_dead');
    const expectedDead = expected.filter(({ topic }) => topic === 'raw_power_dead');
    assert.equal(expectedDead.length, KILLS);
    assert.deepEqual(textsByKey(dead), textsByKey(expectedDead));
    assert.equal(await topics.lag('scorer', 'raw_power'), 0);
    for (const scorer of started.values()) {
      await scorer.url();
      assert.equal(await scorer.end('SIGTERM'), 0, scorer.logged.join('\n'));
    }
  });
});
