import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aLog, until } from '../../a-service.test-data.ts';
import type { Consumer, TopicRecord } from '../../ports.ts';
import { raw, Shouter, text } from '../topics-contract.test.ts';
import { freshTopics, withoutKafka } from './a-kafka.test-data.ts';
import { KafkaClient } from './client.ts';
import { KafkaTopics } from './kafka.ts';
import { Membership } from './group/membership.ts';
import type { Member } from './group/membership.ts';
import { Scoring } from './scoring.ts';
import type { KafkaSettings } from './settings.ts';

const skip = withoutKafka() ?? false;

async function write(settings: KafkaSettings, ...texts: string[]): Promise<void> {
  const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog().log);
  await topics.produce(texts.map((each) => raw(each)));
  await topics.close();
}

/** Passes on what it hears, and is held up at one record until it may go on. */
class HeldUp implements Consumer {
  readonly group = 'test';
  readonly topic = 'raw_power';
  readonly batch = 100;
  readonly shouter: Shouter;
  readonly goOn = Promise.withResolvers<undefined>();
  isHeld = false;
  readonly #at: string;

  constructor(at: string, stop: AbortController) {
    this.#at = at;
    this.shouter = new Shouter('', stop, this.batch);
  }

  prepare(records: readonly TopicRecord[]): Promise<void> | undefined {
    if (this.isHeld || !records.some((record) => text(record) === this.#at)) return undefined;
    this.isHeld = true;
    return this.goOn.promise;
  }

  fold(records: readonly TopicRecord[]): ReturnType<Consumer['fold']> {
    return this.shouter.fold(records);
  }

  newcomers(): string[] {
    return this.shouter.newcomers();
  }

  save(): [] {
    return [];
  }

  forget(): void {
    this.shouter.forget();
  }

  restore(): void {
    this.shouter.restore();
  }
}

/** A member that scores one partition, has told `a` and is held up at `b`. */
async function heldUp(t: TestContext) {
  const settings = await freshTopics(1);
  const { log, lines } = aLog();
  const stop = new AbortController();
  const consumer = new HeldUp('b', stop);
  const client = new KafkaClient(settings, log);
  const admin = client.admin();
  await admin.connect();
  const topics = ['raw_power', 'meter_state'].map((topic) => client.name(topic));
  const membership = new Membership(client, client.name('test'), topics, log);
  const scoring = new Scoring(client, admin, consumer, { apply: () => undefined }, membership, log);
  let join = (): void => undefined;
  const member: Member = {
    joined: (...share) => {
      join = () => {
        scoring.joined(...share);
      };
      join();
    },
    read: (payload) => scoring.read(payload),
    reached: (...place) => {
      scoring.reached(...place);
    },
    left: () => scoring.left(),
  };
  const running = membership.run(member, 8, stop.signal);
  t.after(async () => {
    stop.abort();
    await running;
    await admin.disconnect();
  });
  const { told } = consumer.shouter;
  await write(settings, 'a');
  await until('the first is told', () => told.includes('a'));
  await write(settings, 'b');
  await until('it is held up', () => consumer.isHeld);
  const goOn = (): void => {
    consumer.goOn.resolve(undefined);
  };
  const joinAgain = (): void => {
    join();
  };
  return { settings, lines, admin, input: client.name('raw_power'), told, goOn, joinAgain };
}

describe('a partition that is fetched', { skip }, () => {
  it('is no other where it was shared out again while it was folded', async (t) => {
    const { settings, lines, told, goOn, joinAgain } = await heldUp(t);
    joinAgain();
    goOn();
    await until('what was folded is told', () => told.includes('b'));
    await write(settings, 'c');
    await until('what comes then is told', () => told.includes('c'));
    assert.deepEqual(told, ['a', 'b', 'c']);
    assert.ok(!lines.some((line) => line.includes('"event":"a batch did not commit')), lines.join('\n'));
  });

  it('says how many records were deleted before they were read', async (t) => {
    const { settings, lines, admin, input: topic, told, goOn } = await heldUp(t);
    // a log loses whole batches
    for (const each of ['c', 'd', 'e', 'f']) await write(settings, each);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '5' }] });
    goOn();
    await until('the one that is left is told', () => told.includes('f'));
    assert.deepEqual(told, ['a', 'b', 'f']);
    const said = lines.find((line) =>
      line.includes('"event":"readings were deleted before they were scored"'),
    );
    assert.match(said ?? '', /"records":3/);
  });
});
