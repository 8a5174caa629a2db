import { watts } from '@lefton/core';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aFolder, aLog, aModelFile, START } from '../../a-service.test-data.ts';
import { ReadingCodec } from '../../avro/reading-codec.ts';
import type { NewRecord } from '../../ports.ts';
import { rawRecord } from '../../raw-record.ts';
import { freshTopics, wholeTopic, withoutKafka } from './a-kafka.test-data.ts';
import { chance, expectedOf, Scorer, textsByKey } from './a-scorer.test-data.ts';
import { KafkaTopics } from './kafka.ts';

const CODEC = ReadingCodec.embedded();
const READINGS = 300_000;
const METERS = 100;
const PARTITIONS = 6;
const KILLS = 30;
const PIECE = 1_000;
const JOINS_AT = 10;
const LEAVES_AT = 20;

/** Readings of some busy and some quiet meters, and a record that is no reading before every so many of them. */
function streamed(random: () => number): NewRecord[] {
  const minutes = new Map<number, number>();
  const records: NewRecord[] = [];
  for (let n = 0; n < READINGS; n++) {
    if (n % (READINGS / KILLS) === 0) {
      const value = Buffer.from(`no reading ${n}\u0000`);
      records.push({ topic: 'raw_power', key: `meter-${n % METERS}`, value });
    }
    const meter = Math.floor(random() ** 2 * METERS);
    const minute = minutes.get(meter) ?? 0;
    // now and then a meter says nothing for a day
    minutes.set(meter, minute + (minute % 1_999 === 1_998 ? 1_440 : 1));
    const left = (minute + meter * 37) % 700 > 550;
    const power = left ? 3000 : 150 + (minute % 7);
    const at = START + minute * 60_000;
    records.push(
      rawRecord(CODEC, { meter: `meter-${meter}`, at, watts: watts(power), energyWh: null, source: 'test' }),
    );
  }
  return records;
}

const skip = withoutKafka() ?? false;

describe('kill -9 of processes that share the scoring', { skip }, () => {
  it(`at ${KILLS} random moments while ${READINGS} readings stream loses nothing and tells nothing twice`, async (t) => {
    const random = chance(20180805);
    const folder = aFolder(t);
    const model = aModelFile(folder);
    const records = streamed(random);
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
