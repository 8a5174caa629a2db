import { LeftOnError } from '@lefton/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { Changes, Consumer, NewRecord, Outcome, Topic, TopicRecord, Topics } from '../ports.ts';

/** A transport under test, with what it stands on. */
export interface TopicsUnderTest {
  readonly topics: Topics;
  /** Every change that was committed, in order. */
  readonly applied: readonly Changes[];
  /** A second transport on the same data, after the first has been closed or has died. */
  reopen(): Promise<TopicsUnderTest>;
}

/** Makes an empty transport. */
export type MakeTopics = (t: TestContext) => Promise<TopicsUnderTest>;

export const bytes = (text: string): Uint8Array => Buffer.from(text);
export const text = (record: TopicRecord): string => Buffer.from(record.value).toString();
export const raw = (value: string, key = 'home'): NewRecord => ({
  topic: 'raw_power',
  key,
  value: bytes(value),
});
export const NO_CHANGES: Changes = { readings: [], events: [], alerts: [] };

/** Passes each record on to anomaly_power in capitals, and remembers what was committed. */
export class Shouter implements Consumer {
  readonly group = 'test';
  readonly topic = 'raw_power';
  readonly batch: number;
  readonly told: string[] = [];
  forgotten = 0;
  /** What a fold fails with, once. */
  fault: Error | undefined;
  readonly #heard: string[] = [];
  readonly #enough: AbortController;
  readonly #stopAt: string;

  constructor(stopAt: string, enough: AbortController, batch = 3) {
    this.#stopAt = stopAt;
    this.#enough = enough;
    this.batch = batch;
  }

  prepare(): undefined {
    return undefined;
  }

  fold(records: readonly TopicRecord[]): Outcome {
    assert.ok(records.length <= this.batch);
    const { fault } = this;
    this.fault = undefined;
    if (fault !== undefined) throw fault;
    if (records.some((record) => text(record) === this.#stopAt)) this.#enough.abort();
    const produce = records.map((record): NewRecord => {
      return { topic: 'anomaly_power', key: record.key, value: bytes(text(record).toUpperCase()) };
    });
    const readings = records.map(({ key }) => ({ meter: key, at: 1, watts: 1 }));
    this.#heard.push(...records.map(({ key }) => key));
    const texts = records.map(text);
    return {
      produce,
      changes: { ...NO_CHANGES, readings },
      committed: () => this.told.push(...texts),
    };
  }

  newcomers(): string[] {
    return this.#heard.splice(0);
  }

  save(): [] {
    return [];
  }

  forget(): void {
    this.forgotten++;
  }

  restore(): void {
    this.forgotten++;
  }
}

export async function consumeUntil(topics: Topics, last: string, batch?: number): Promise<Shouter> {
  const enough = new AbortController();
  const shouter = new Shouter(last, enough, batch);
  await topics.consume(shouter, enough.signal);
  return shouter;
}

/** The next `count` records of a topic after a position. */
export async function take(topics: Topics, topic: Topic, count: number, after = '0') {
  const enough = new AbortController();
  const taken: TopicRecord[] = [];
  for await (const records of topics.follow(topic, after, enough.signal)) {
    taken.push(...records);
    if (taken.length >= count) enough.abort();
  }
  return taken.slice(0, count);
}

/** What every transport must do. */
export function topicsContract(name: string, makeTopics: MakeTopics): void {
  describe(`topics on ${name}`, () => {
    it('gives a consumer every record once, in order, in bounded batches', async (t) => {
      const { topics } = await makeTopics(t);
      const values = Array.from({ length: 10 }, (_, i) => `r${i}`);
      await topics.produce(values.map((value) => raw(value)));
      const { told } = await consumeUntil(topics, 'r9');
      assert.deepEqual(told, values);
      await topics.caughtUp('test', 'raw_power', new AbortController().signal);
      assert.equal(await topics.lag('test', 'raw_power'), 0);
    });

    it('commits what is produced, the changes and the offsets together', async (t) => {
      const { topics, applied } = await makeTopics(t);
      await topics.produce([raw('a'), raw('b', 'barn')]);
      await consumeUntil(topics, 'b');
      const found = await take(topics, 'anomaly_power', 2);
      assert.deepEqual(found.map(text), ['A', 'B']);
      assert.deepEqual(
        found.map(({ key }) => key),
        ['home', 'barn'],
      );
      assert.deepEqual(
        applied.flatMap(({ readings }) => readings.map(({ meter }) => meter)),
        ['home', 'barn'],
      );
    });

    it('goes on where the last commit was after a restart', async (t) => {
      const first = await makeTopics(t);
      await first.topics.produce([raw('a'), raw('b')]);
      await consumeUntil(first.topics, 'b');
      await first.topics.produce([raw('c')]);
      const second = await first.reopen();
      const { told } = await consumeUntil(second.topics, 'c');
      assert.deepEqual(told, ['c']);
      assert.deepEqual((await take(second.topics, 'anomaly_power', 3)).map(text), ['A', 'B', 'C']);
    });

    it('commits nothing of a batch that fails, and says so to the consumer', async (t) => {
      const { topics } = await makeTopics(t);
      await topics.produce([raw('a')]);
      const shouter = new Shouter('a', new AbortController());
      shouter.fault = new Error('no');
      await assert.rejects(topics.consume(shouter, new AbortController().signal), /no/);
      assert.equal(shouter.forgotten > 0, true);
      assert.equal(await topics.lag('test', 'raw_power'), 1);
      await consumeUntil(topics, 'a');
      assert.deepEqual((await take(topics, 'anomaly_power', 1)).map(text), ['A']);
    });

    it('tries a transient fault again', async (t) => {
      const { topics } = await makeTopics(t);
      await topics.produce([raw('a')]);
      const enough = new AbortController();
      const shouter = new Shouter('', enough);
      const about = { code: 'test', place: 'test', expected: 'a', found: 'b' };
      shouter.fault = new LeftOnError({ ...about, faultClass: 'transient' });
      const consuming = topics.consume(shouter, enough.signal);
      await topics.caughtUp('test', 'raw_power', new AbortController().signal);
      enough.abort();
      await consuming;
      assert.deepEqual(shouter.told, ['a']);
      assert.deepEqual((await take(topics, 'anomaly_power', 1)).map(text), ['A']);
    });

    it('stores the progress of a source with the records it gave', async (t) => {
      const first = await makeTopics(t);
      assert.equal(await first.topics.progress('tail x'), undefined);
      await first.topics.produce([raw('a')], { source: 'tail x', position: '1' });
      await first.topics.produce([raw('b')], { source: 'tail x', position: '2' });
      await first.topics.produce([raw('c')], { source: 'tail y', position: '9' });
      const { topics } = await first.reopen();
      assert.equal(await topics.progress('tail x'), '2');
      assert.equal(await topics.progress('tail y'), '9');
      assert.deepEqual((await take(topics, 'raw_power', 3)).map(text), ['a', 'b', 'c']);
    });

    it('lets anyone follow a topic from a position or from the end', async (t) => {
      const { topics } = await makeTopics(t);
      const dead = (value: string): NewRecord => {
        return {
          topic: 'raw_power_dead',
          key: 'home',
          value: bytes(value),
          headers: { reason: `no ${value}` },
        };
      };
      await topics.produce([dead('a'), dead('b'), dead('c')]);
      const all = await take(topics, 'raw_power_dead', 3);
      assert.deepEqual(
        all.map((record) => record.headers.reason),
        ['no a', 'no b', 'no c'],
      );
      assert.deepEqual((await take(topics, 'raw_power_dead', 2, all[0]?.position)).map(text), ['b', 'c']);
      const enough = new AbortController();
      const following = topics.follow('raw_power_dead', undefined, enough.signal)[Symbol.asyncIterator]();
      const next = following.next();
      // where the end is may be known a moment later: what comes after that is heard
      const again = setInterval(() => void topics.produce([dead('d')]), 200);
      const { value } = (await next) as { value: readonly TopicRecord[] };
      clearInterval(again);
      assert.equal(value.map(text)[0], 'd');
      enough.abort();
      assert.equal((await following.next()).done, true);
    });

    it('commits an outcome that no record caused', async (t) => {
      const { topics } = await makeTopics(t);
      const enough = new AbortController();
      const shouter = new Shouter('', enough);
      await topics.produce([raw('a')]);
      const consuming = topics.consume(shouter, enough.signal);
      await topics.caughtUp('test', 'raw_power', enough.signal);
      const produce: NewRecord[] = [{ topic: 'anomaly_power', key: 'home', value: bytes('silent') }];
      await topics.commit(shouter, [{ produce, changes: NO_CHANGES }]);
      enough.abort();
      await consuming;
      assert.deepEqual((await take(topics, 'anomaly_power', 2)).map(text), ['A', 'silent']);
    });
  });
}
