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
  /** Makes the projection fail until called again with undefined. */
  failWith(error: Error | undefined): void;
  /** A second transport on the same data, after the first has been closed or has died. */
  reopen(): Promise<TopicsUnderTest>;
}

/** Makes an empty transport that refuses producers beyond `maxLag` unconsumed records. */
export type MakeTopics = (t: TestContext, maxLag: number) => Promise<TopicsUnderTest>;

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (record: TopicRecord): string => Buffer.from(record.value).toString();
const raw = (value: string, key = 'home'): NewRecord => ({ topic: 'raw_power', key, value: bytes(value) });
const NO_CHANGES: Changes = { readings: [], events: [], alerts: [] };

/** Passes each record on to anomaly_power in capitals, and remembers what it folded. */
class Shouter implements Consumer {
  readonly group = 'test';
  readonly topic = 'raw_power';
  readonly batch: number;
  readonly folded: string[] = [];
  forgotten = 0;
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
    this.folded.push(...records.map(text));
    if (records.some((record) => text(record) === this.#stopAt)) this.#enough.abort();
    const produce = records.map((record): NewRecord => {
      return { topic: 'anomaly_power', key: record.key, value: bytes(text(record).toUpperCase()) };
    });
    const readings = records.map(({ key }) => ({ meter: key, at: this.folded.length, watts: 1 }));
    return { produce, changes: { ...NO_CHANGES, readings } };
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

async function consumeUntil(topics: Topics, last: string, batch?: number): Promise<Shouter> {
  const enough = new AbortController();
  const shouter = new Shouter(last, enough, batch);
  await topics.consume(shouter, enough.signal);
  return shouter;
}

/** The next `count` records of a topic after a position. */
async function take(topics: Topics, topic: Topic, count: number, after = '0') {
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
      const { topics } = await makeTopics(t, 100);
      const values = Array.from({ length: 10 }, (_, i) => `r${i}`);
      await topics.produce(values.map((value) => raw(value)));
      const { folded } = await consumeUntil(topics, 'r9');
      assert.deepEqual(folded, values);
      assert.equal(await topics.lag('test', 'raw_power'), 0);
    });

    it('commits what is produced, the changes and the offsets together', async (t) => {
      const { topics, applied } = await makeTopics(t, 100);
      await topics.produce([raw('a'), raw('b', 'barn')]);
      await consumeUntil(topics, 'b');
      const told = await take(topics, 'anomaly_power', 2);
      assert.deepEqual(told.map(text), ['A', 'B']);
      assert.deepEqual(
        told.map(({ key }) => key),
        ['home', 'barn'],
      );
      assert.deepEqual(
        applied.flatMap(({ readings }) => readings.map(({ meter }) => meter)),
        ['home', 'barn'],
      );
    });

    it('goes on where the last commit was after a restart', async (t) => {
      const first = await makeTopics(t, 100);
      await first.topics.produce([raw('a'), raw('b')]);
      await consumeUntil(first.topics, 'b');
      await first.topics.produce([raw('c')]);
      const second = await first.reopen();
      const { folded } = await consumeUntil(second.topics, 'c');
      assert.deepEqual(folded, ['c']);
      assert.deepEqual((await take(second.topics, 'anomaly_power', 3)).map(text), ['A', 'B', 'C']);
    });

    it('commits nothing of a batch that fails, and says so to the consumer', async (t) => {
      const under = await makeTopics(t, 100);
      await under.topics.produce([raw('a')]);
      under.failWith(new Error('no'));
      const shouter = new Shouter('a', new AbortController());
      await assert.rejects(under.topics.consume(shouter, new AbortController().signal), /no/);
      assert.equal(shouter.forgotten, 1);
      assert.equal(await under.topics.lag('test', 'raw_power'), 1);
      under.failWith(undefined);
      await consumeUntil(under.topics, 'a');
      assert.deepEqual((await take(under.topics, 'anomaly_power', 1)).map(text), ['A']);
    });

    it('tries a transient fault again', async (t) => {
      const under = await makeTopics(t, 100);
      await under.topics.produce([raw('a')]);
      const fault = {
        code: 'test',
        place: 'test',
        expected: 'a',
        found: 'b',
        faultClass: 'transient',
      } as const;
      under.failWith(new LeftOnError(fault));
      const enough = new AbortController();
      const shouter = new Shouter('', enough);
      const consuming = under.topics.consume(shouter, enough.signal);
      under.failWith(undefined);
      await under.topics.caughtUp('test', 'raw_power', new AbortController().signal);
      enough.abort();
      await consuming;
      assert.deepEqual((await take(under.topics, 'anomaly_power', 1)).map(text), ['A']);
    });

    it('refuses producers while consumers are too far behind, and lets them wait', async (t) => {
      const { topics } = await makeTopics(t, 2);
      await topics.produce([raw('a'), raw('b')]);
      await assert.rejects(topics.produce([raw('c')]), { code: 'log_full', faultClass: 'transient' });
      const room = topics.room(new AbortController().signal);
      await consumeUntil(topics, 'b');
      await room;
      await topics.produce([raw('c')]);
      const stop = new AbortController();
      await topics.produce([raw('d')]);
      const aborted = topics.room(stop.signal);
      stop.abort();
      await assert.rejects(aborted, { name: 'AbortError' });
    });

    it('stores the progress of a source with the records it gave', async (t) => {
      const first = await makeTopics(t, 1);
      assert.equal(await first.topics.progress('tail x'), undefined);
      await first.topics.produce([raw('a')], { source: 'tail x', position: '1' });
      await assert.rejects(first.topics.produce([raw('b')], { source: 'tail x', position: '2' }));
      const { topics } = await first.reopen();
      assert.equal(await topics.progress('tail x'), '1');
    });

    it('lets anyone follow a topic from a position or from the end', async (t) => {
      const { topics } = await makeTopics(t, 100);
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
      await topics.produce([dead('d')]);
      const { value } = (await next) as { value: readonly TopicRecord[] };
      assert.deepEqual(value.map(text), ['d']);
      enough.abort();
      assert.equal((await following.next()).done, true);
    });

    it('commits an outcome that no record caused', async (t) => {
      const under = await makeTopics(t, 100);
      const shouter = new Shouter('', new AbortController());
      const produce: NewRecord[] = [{ topic: 'anomaly_power', key: 'home', value: bytes('silent') }];
      await under.topics.commit(shouter, { produce, changes: NO_CHANGES });
      assert.deepEqual((await take(under.topics, 'anomaly_power', 1)).map(text), ['silent']);
      under.failWith(new Error('no'));
      await assert.rejects(under.topics.commit(shouter, { produce, changes: NO_CHANGES }), /no/);
      assert.equal(shouter.forgotten, 1);
    });
  });
}
