import fc from 'fast-check';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aFolder, aLog, aModelFile, until } from '../../../a-service.test-data.ts';
import { Log } from '../../../telemetry/log.ts';
import { raw, Shouter, text } from '../../topics-contract.test.ts';
import { freshTopics, wholeTopic, withoutKafka } from '../a-kafka.test-data.ts';
import { chance, expectedOf, Scorer, streamed, textsByKey } from '../a-scorer.test-data.ts';
import { spread } from './assigner.ts';
import { KafkaClient } from '../client.ts';
import { KafkaTopics } from '../kafka.ts';
import type { KafkaSettings } from '../settings.ts';

const claims = fc.array(fc.integer({ min: -3, max: 25 }), { maxLength: 12 });
const members = (most: number): fc.Arbitrary<Map<string, number[]>> =>
  fc
    .uniqueArray(fc.string(), { minLength: 1, maxLength: most })
    .chain((names) =>
      fc
        .array(claims, { minLength: names.length, maxLength: names.length })
        .map((owned) => new Map(names.map((name, i): [string, number[]] => [name, owned[i] ?? []]))),
    );
const counts = fc.integer({ min: 0, max: 20 });

describe('partitions are spread', () => {
  it('each once, whatever members claim', () => {
    fc.assert(
      fc.property(members(6), counts, (owned, count) => {
        const all = [...spread(owned, count).values()].flat().sort((a, b) => a - b);
        assert.deepEqual(
          all,
          Array.from({ length: count }, (_, i) => i),
        );
      }),
    );
  });

  it('over all members, as evenly as can be', () => {
    fc.assert(
      fc.property(members(6), counts, (owned, count) => {
        const shares = spread(owned, count);
        assert.deepEqual([...shares.keys()].sort(), [...owned.keys()].sort());
        const sizes = [...shares.values()].map(({ length }) => length);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, String(sizes));
      }),
    );
  });

  it('so that as many stay where they are as an even spread lets', () => {
    // what the members of a settled group have: nothing twice, nothing that is not there
    const settled = fc
      .tuple(fc.integer({ min: 1, max: 6 }), counts)
      .chain(([size, count]) =>
        fc.tuple(
          fc.array(fc.integer({ min: -1, max: size - 1 }), { minLength: count, maxLength: count }),
          fc.constant(size),
        ),
      );
    fc.assert(
      fc.property(settled, ([owners, size]) => {
        const names = Array.from({ length: size }, (_, i) => `member-${i}`);
        const ownedBy = (i: number): number[] =>
          owners.flatMap((owner, partition) => (owner === i ? [partition] : []));
        const owned = new Map(names.map((name, i): [string, number[]] => [name, ownedBy(i)]));
        const shares = spread(owned, owners.length);
        const kept = names.map(
          (name) => (shares.get(name) ?? []).filter((each) => owned.get(name)?.includes(each)).length,
        );
        const floor = Math.floor(owners.length / size);
        const has = names.map((name) => owned.get(name)?.length ?? 0);
        for (const [i, count] of kept.entries()) assert.ok(count >= Math.min(has[i] ?? 0, floor));
        const richer = Math.min(owners.length % size, has.filter((count) => count > floor).length);
        const most = has.reduce((sum, count) => sum + Math.min(count, floor), 0) + richer;
        assert.equal(
          kept.reduce((sum, count) => sum + count, 0),
          most,
        );
      }),
    );
  });

  it('the same way whoever is asked', () => {
    fc.assert(
      fc.property(members(6), counts, (owned, count) => {
        const turned = new Map([...owned].reverse());
        assert.deepEqual(
          new Map([...spread(turned, count)].sort()),
          new Map([...spread(owned, count)].sort()),
        );
      }),
    );
  });
});

/** A member of the group, with what it has told and which partitions it took over. */
interface AMember {
  readonly told: readonly string[];
  readonly takenOver: () => number;
  readonly leave: () => Promise<void>;
}

function joins(t: TestContext, settings: KafkaSettings): AMember {
  const lines: string[] = [];
  let now = 0;
  const log = new Log(
    (line) => lines.push(line),
    () => (now += 60_000),
  );
  const topics = new KafkaTopics(settings, { apply: () => undefined }, log);
  const stop = new AbortController();
  const shouter = new Shouter('', stop);
  const consuming = topics.consume(shouter, stop.signal);
  const leave = async (): Promise<void> => {
    stop.abort();
    await consuming;
    await topics.close();
  };
  t.after(leave);
  const takenOver = (): number => lines.filter((line) => line.includes('a partition is taken over')).length;
  return { told: shouter.told, takenOver, leave };
}

const skip = withoutKafka() ?? false;

describe('members of a consumer group', { skip }, () => {
  it('share the partitions: those that move go over, the others stay, and all come back', async (t) => {
    const settings = await freshTopics(4);
    const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog().log);
    t.after(() => topics.close());
    const keys = Array.from({ length: 40 }, (_, i) => `meter-${i}`);
    const produce = (value: string): Promise<void> =>
      topics.produce(keys.map((key) => raw(`${value} ${key}`, key)));
    const all = (value: string): string[] => keys.map((key) => `${value} ${key}`).sort();

    const first = joins(t, settings);
    await until('the first has all', () => first.takenOver() === 4);
    await produce('a');
    await until('all is told', () => first.told.length === 40);
    const second = joins(t, settings);
    await until('the second has its part', () => second.takenOver() === 2);
    assert.equal(first.takenOver(), 4, 'the first keeps its other two as they are');
    await produce('b');
    await until('all is told', () => first.told.length + second.told.length === 80);
    assert.deepEqual([...first.told.slice(40), ...second.told].sort(), all('b'));
    assert.notEqual(second.told.length, 0);
    await second.leave();
    await until('the first has all again', () => first.takenOver() === 6);
    const before = first.told.length;
    await produce('c');
    await until('all is told', () => first.told.length === before + 40);
    assert.deepEqual(first.told.slice(before).sort(), all('c'));
    const told = (await wholeTopic(settings, 'anomaly_power')).map(text).sort();
    assert.deepEqual(told, [...all('a'), ...all('b'), ...all('c')].map((line) => line.toUpperCase()).sort());
  });

  it('that cannot score all of the readings say so: a topic has more partitions than the states', async (t) => {
    const settings = await freshTopics(2);
    const client = new KafkaClient(settings, aLog().log);
    const admin = client.admin();
    await admin.connect();
    await admin.createPartitions({ topicPartitions: [{ topic: client.name('raw_power'), count: 3 }] });
    await admin.disconnect();
    const { log, lines } = aLog();
    const topics = new KafkaTopics(settings, { apply: () => undefined }, log);
    const stop = new AbortController();
    const consuming = topics.consume(new Shouter('', stop), stop.signal);
    t.after(async () => {
      stop.abort();
      await consuming;
      await topics.close();
    });
    await until('it is said', () => topics.trouble()?.includes('stop all processes') === true);
    assert.match(topics.trouble() ?? '', /only 2 of the 3 partitions of \S+raw_power .* \S+meter_state/);
    assert.ok(lines.some((line) => line.includes('"event":"readings are not scored"')));
  });

  it('that stand still for longer than their session commit nothing that others have committed', async (t) => {
    const random = chance(20180806);
    const folder = aFolder(t);
    const model = aModelFile(folder);
    const settings = await freshTopics(4);
    const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog().log);
    t.after(() => topics.close());
    const scorers = ['a', 'b'].map((name) => new Scorer(t, settings, join(folder, `${name}.db`), model));
    await Promise.all(scorers.map((scorer) => scorer.says('a partition is taken over')));
    const records = streamed(60_000, 10, random);
    const pause = records.length / 6;
    for (let from = 0; from < records.length; from += pause) {
      await topics.produce(records.slice(from, from + pause / 2));
      const zombie = scorers[(from / pause) % 2];
      zombie?.process.kill('SIGSTOP');
      await topics.produce(records.slice(from + pause / 2, from + pause));
      // the other has its partitions now, and has told what it had not
      await topics.caughtUp('scorer', 'raw_power', new AbortController().signal);
      zombie?.process.kill('SIGCONT');
      await setTimeout(random() * 500);
    }
    await topics.caughtUp('scorer', 'raw_power', new AbortController().signal);
    for (const scorer of scorers) assert.equal(await scorer.end('SIGTERM'), 0, scorer.logged.join('\n'));
    const expected = expectedOf(model, records);
    const events = expected.filter(({ topic }) => topic === 'anomaly_power');
    assert.ok(events.length > 100, `${events.length} events`);
    assert.deepEqual(textsByKey(await wholeTopic(settings, 'anomaly_power')), textsByKey(events));
    assert.equal((await wholeTopic(settings, 'raw_power_dead')).length, 10);
  });
});
