import { LeftOnError } from '@lefton/core';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aLog, SetClock, until } from '../../a-service.test-data.ts';
import { forgetRecord } from '../../forget/forget-record.ts';
import { BEGINNING } from '../../ports.ts';
import type { NewRecord, Progress } from '../../ports.ts';
import { Database } from '../../sqlite/database.ts';
import { SqliteTopics } from '../sqlite.ts';
import { take, text } from '../topics-contract.test.ts';
import { freshTopics, madeAnew, noticed, withoutKafka } from './a-kafka.test-data.ts';
import { KafkaTopics } from './kafka.ts';
import type { Mirror } from './mirror.ts';

const skip = withoutKafka() ?? false;

/** The local file, with a disk that is full now and then. */
class FullNowAndThen extends SqliteTopics {
  refusals = 0;
  #full = false;

  override produce(records: readonly NewRecord[], progress?: Progress): Promise<void> {
    this.#full = !this.#full;
    if (!this.#full) return super.produce(records, progress);
    this.refusals++;
    const about = { code: 'storage_full', place: 'disk', expected: 'room', found: 'none' };
    return Promise.reject(new LeftOnError({ ...about, faultClass: 'transient' }));
  }
}

const event = (value: string, key = 'home'): NewRecord => ({
  topic: 'anomaly_power',
  key,
  value: Buffer.from(value),
});

/** A cluster, and the database of one process that mirrors it. */
async function aCluster(t: TestContext, partitions: number) {
  const db = new Database(join(aFolder(t), 'lefton.db'));
  t.after(() => {
    db.close();
  });
  const { log } = aLog();
  const settings = await freshTopics(partitions);
  const kafka = new KafkaTopics(settings, { apply: () => undefined }, log);
  t.after(() => kafka.close());
  return { db, kafka, settings, log };
}

describe('a mirror of what Kafka committed', { skip }, () => {
  it('copies each event once over restarts and a full disk, from the moment it first began', async (t) => {
    const { db, kafka, log } = await aCluster(t, 2);
    const local = new FullNowAndThen(db, { apply: () => undefined }, new SetClock(), log);
    await kafka.produce([event('of before')]);
    let copied = 0;
    for (const [round, values] of [['a', 'b'], ['c'], ['d', 'e', 'f']].entries()) {
      const stop = new AbortController();
      const mirror = kafka.mirror('anomaly_power', local);
      await mirror.begin(stop.signal);
      // told while nobody mirrors, and while somebody does
      if (round > 0) await kafka.produce([event(values[0] ?? '')]);
      const running = mirror.run(stop.signal);
      for (const value of round > 0 ? values.slice(1) : values) await kafka.produce([event(value, value)]);
      copied += values.length;
      await mirror.caughtUp(stop.signal);
      stop.abort();
      await running;
      const all = await take(local, 'anomaly_power', copied, BEGINNING);
      assert.deepEqual(all.map(text).sort(), ['a', 'b', 'c', 'd', 'e', 'f'].slice(0, copied));
    }
    await until('the disk has been full', () => local.refusals > 3);
  });

  it('copies from its beginning what was deleted and made again, while it copies and while it is off', async (t) => {
    const { db, kafka, settings, log } = await aCluster(t, 1);
    const local = new SqliteTopics(db, { apply: () => undefined }, new SetClock(), log);
    const begun = (): { mirror: Mirror; end: () => Promise<void> } => {
      const stop = new AbortController();
      const mirror = kafka.mirror('anomaly_power', local);
      const running = mirror.begin(stop.signal).then(() => mirror.run(stop.signal));
      const end = async (): Promise<void> => {
        stop.abort();
        await running;
      };
      return { mirror, end };
    };
    const write = async (...values: string[]): Promise<void> => {
      const topics = new KafkaTopics(settings, { apply: () => undefined }, log);
      await topics.produce(values.map((value) => event(value)));
      await topics.close();
    };
    const first = begun();
    await until('it copies', () => first.mirror.trouble() === undefined);
    await write('a', 'b', 'c', 'd');
    await take(local, 'anomaly_power', 4, BEGINNING);
    await madeAnew(settings, 'anomaly_power');
    await write('e', 'f');
    await take(local, 'anomaly_power', 6, BEGINNING);
    await first.end();
    await madeAnew(settings, 'anomaly_power');
    await write('g');
    const second = begun();
    await take(local, 'anomaly_power', 7, BEGINNING);
    await madeAnew(settings, 'anomaly_power');
    await noticed(settings, 'anomaly_power');
    await write('h', 'i', 'j');
    const all = await take(local, 'anomaly_power', 10, BEGINNING);
    await second.end();
    assert.deepEqual(all.map(text).join(''), 'abcdefghij');
  });

  it('forgets before it notes that it was asked to, and again where that failed', async (t) => {
    const { db, kafka, log } = await aCluster(t, 1);
    const local = new SqliteTopics(db, { apply: () => undefined }, new SetClock(), log);
    const first = new AbortController();
    const forgotten: string[] = [];
    const forget = async (meter: string): Promise<void> => {
      await Promise.resolve();
      if (forgotten.push(meter) < 3) throw new Error('killed');
    };
    await kafka.mirror('anomaly_power', local, forget).begin(first.signal);
    const asked = forgetRecord('anomaly_power', 'home');
    await kafka.produce([event('before'), event('of another', 'barn'), asked, event('after')]);
    for (let starts = 1; starts <= 2; starts++) {
      await assert.rejects(kafka.mirror('anomaly_power', local, forget).run(first.signal), /killed/);
      assert.equal(forgotten.length, starts);
    }
    const stop = new AbortController();
    const last = kafka.mirror('anomaly_power', local, forget);
    const running = last.run(stop.signal);
    await last.caughtUp(stop.signal);
    stop.abort();
    await running;
    assert.deepEqual((await take(local, 'anomaly_power', 2, BEGINNING)).map(text), ['of another', 'after']);
    assert.deepEqual(forgotten, ['home', 'home', 'home']);
  });
});
