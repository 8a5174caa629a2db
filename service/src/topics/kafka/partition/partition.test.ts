import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aLog, until } from '../../../a-service.test-data.ts';
import type { Outcome, TopicRecord } from '../../../ports.ts';
import { raw, Shouter, text } from '../../topics-contract.test.ts';
import { freshTopics, wholeTopic, withoutKafka } from '../a-kafka.test-data.ts';
import { KafkaClient } from '../client.ts';
import { KafkaTopics } from '../kafka.ts';
import type { Takeover } from '../group/onlooker.ts';
import type { KafkaSettings } from '../settings.ts';

const HOUR = 3_600_000;

/** Tells what is written in capitals, and remembers what it has folded and what was committed together. */
class Listener extends Shouter {
  readonly folded: string[] = [];
  readonly commits: string[][] = [];
  #together: string[] | undefined;

  override fold(records: readonly TopicRecord[]): Outcome {
    const outcome = super.fold(records);
    const texts = records.map(text);
    this.folded.push(...texts);
    return {
      ...outcome,
      produce: outcome.produce.filter((_, i) => texts[i] === texts[i]?.toUpperCase()),
      committed: () => {
        if (this.#together === undefined) {
          this.commits.push((this.#together = []));
          queueMicrotask(() => (this.#together = undefined));
        }
        this.#together.push(...texts);
      },
    };
  }
}

interface Listening {
  readonly settings: KafkaSettings;
  readonly topics: KafkaTopics;
  readonly listener: Listener;
  /** Resolves when a text has been folded. */
  readonly heard: (text: string) => Promise<void>;
  /** Ends it: another takes the partition over. */
  readonly leave: () => Promise<void>;
}

async function listening(
  t: TestContext,
  quietMs: number,
  more: Partial<KafkaSettings> = {},
): Promise<Listening> {
  const settings = { ...(await freshTopics(1)), quietMs, ...more };
  const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog().log);
  const stop = new AbortController();
  const listener = new Listener('', stop, 100);
  const consuming = topics.consume(listener, stop.signal);
  const leave = async (): Promise<void> => {
    stop.abort();
    await consuming;
    await topics.close();
  };
  t.after(leave);
  // the first commits at once
  await topics.produce([raw('first')]);
  await until('the first is committed', () => listener.commits.length === 1);
  const heard = (what: string): Promise<void> => until(what, () => listener.folded.includes(what));
  return { settings, topics, listener, heard, leave };
}

const skip = withoutKafka() ?? false;

describe('a partition of which most readings tell nothing', { skip }, () => {
  it('commits what tells nothing together, and what tells something at once with all before it', async (t) => {
    const { settings, topics, listener, heard } = await listening(t, HOUR);
    for (const quiet of ['a', 'b', 'c']) {
      await topics.produce([raw(quiet)]);
      await heard(quiet);
    }
    assert.equal(listener.commits.length, 1);
    assert.equal(await topics.lag('test', 'raw_power'), 3);
    await topics.produce([raw('LOUD')]);
    await until('it is committed', () => listener.commits.length === 2);
    assert.deepEqual(listener.commits, [['first'], ['a', 'b', 'c', 'LOUD']]);
    assert.equal(await topics.lag('test', 'raw_power'), 0);
    assert.deepEqual((await wholeTopic(settings, 'anomaly_power')).map(text), ['LOUD']);
  });

  it('commits what tells nothing soon, also when nothing more is heard', async (t) => {
    const { topics, listener, heard } = await listening(t, 20);
    await topics.produce([raw('a')]);
    await heard('a');
    await until('it is committed', () => listener.commits.flat().includes('a'));
    assert.equal(await topics.lag('test', 'raw_power'), 0);
  });

  it('commits nothing that was folded before somebody else took it over, and folds it anew', async (t) => {
    const { settings, topics, listener, heard } = await listening(t, 200);
    await topics.produce([raw('a')]);
    await heard('a');
    const client = new KafkaClient(settings, aLog().log);
    const other = await client.soleProducer(client.name('test-raw_power-0'));
    await other.disconnect();
    await topics.produce([raw('b')]);
    await until('all is committed', () => listener.commits.flat().includes('b'));
    const committed = listener.commits.flat();
    assert.deepEqual(committed, ['first', 'a', 'b']);
  });

  it('of meters without a model is not folded again by who takes it over', async (t) => {
    const { settings, topics, listener, heard, leave } = await listening(t, 20, { checkpointMs: 1 });
    for (const quiet of ['a', 'b']) {
      await topics.produce([raw(quiet)]);
      await heard(quiet);
      await until('it is committed', () => listener.commits.flat().includes(quiet));
    }
    await leave();
    const takeovers: Takeover[] = [];
    const next = new KafkaTopics(settings, { apply: () => undefined }, aLog().log, {
      ...{ sharedOut: () => undefined, rebuilt: () => undefined, unfinished: () => undefined },
      ...{ isBehind: () => undefined, owns: () => undefined, takenOver: (each) => takeovers.push(each) },
    });
    const stop = new AbortController();
    const other = new Listener('', stop, 100);
    const consuming = next.consume(other, stop.signal);
    t.after(async () => {
      stop.abort();
      await consuming;
      await next.close();
    });
    await next.produce([raw('c')]);
    await until('the next is folded', () => other.folded.includes('c'));
    assert.deepEqual(other.folded, ['c']);
    assert.deepEqual(
      takeovers.map(({ states, foldedAgain }) => [states, foldedAgain <= 1]),
      [[0, true]],
    );
  });
});
