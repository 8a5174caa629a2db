import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aLog, SetClock, START, until } from '../a-service.test-data.ts';
import { KeptReadings } from './kept-readings.ts';
import type { Outcome, TopicRecord } from '../ports.ts';
import { fillDisk } from '../sqlite/a-full-disk.test-data.ts';
import { Database } from '../sqlite/database.ts';
import { SqliteStore } from './store.ts';
import { freshTopics, withoutKafka } from '../topics/kafka/a-kafka.test-data.ts';
import { KafkaTopics } from '../topics/kafka/kafka.ts';
import { raw, Shouter, text } from '../topics/topics-contract.test.ts';

function keeping(t: TestContext) {
  const db = new Database(join(aFolder(t), 'lefton.db'));
  t.after(() => {
    db.close();
  });
  const store = new SqliteStore(db, new SetClock(), 400);
  const { log, lines } = aLog();
  const kept = new KeptReadings(db, store, log);
  const hear = (meter: string, watts: number): void => {
    kept.apply({ readings: [{ meter, at: START + watts, watts }], events: [], alerts: [] });
  };
  const keptOf = (meter: string): number[] => {
    const all = { meter, from: 0, to: START * 2, points: 1_000 };
    return store.readings(all).points.map(({ watts }) => watts);
  };
  return { db, kept, log, lines, hear, keptOf };
}

/** Time that passes when a test says so. */
function aTimer(t: TestContext): { at: number } {
  const timer = { at: 0 };
  t.mock.method(performance, 'now', () => timer.at);
  return timer;
}

describe('readings that are kept to look at', () => {
  it('wait while the disk is full, and are all there once there is room', (t) => {
    const { db, lines, hear, keptOf } = keeping(t);
    const timer = aTimer(t);
    hear('home', 1);
    const makeRoom = fillDisk(db, 'INSERT ON readings');
    for (const watts of [2, 3, 4]) {
      timer.at += 2_000;
      hear('home', watts);
    }
    assert.deepEqual(keptOf('home'), [1]);
    makeRoom();
    hear('home', 5);
    assert.deepEqual(keptOf('home'), [1], 'it is not tried at once');
    timer.at += 2_000;
    hear('barn', 6);
    assert.deepEqual([keptOf('home'), keptOf('barn')], [[1, 2, 3, 4, 5], [6]]);
    assert.equal(lines.filter((line) => line.includes('wait')).length, 1, 'said once');
    assert.match(lines.at(-1) ?? '', /kept again.*"lost":0/);
  });

  it('of a meter that is forgotten wait no longer', (t) => {
    const { db, kept, hear, keptOf } = keeping(t);
    const timer = aTimer(t);
    const makeRoom = fillDisk(db, 'INSERT ON readings');
    hear('home', 1);
    hear('barn', 2);
    kept.lose('home');
    makeRoom();
    timer.at += 2_000;
    hear('barn', 3);
    assert.deepEqual([keptOf('home'), keptOf('barn')], [[], [2, 3]]);
  });

  it('lose the oldest where too many wait, and say how many', (t) => {
    const { db, kept, lines, hear } = keeping(t);
    const timer = aTimer(t);
    const makeRoom = fillDisk(db, 'INSERT ON readings');
    const readings = Array.from({ length: 100_007 }, (_, i) => ({ meter: 'home', at: START + i, watts: i }));
    kept.apply({ readings, events: [], alerts: [] });
    makeRoom();
    timer.at += 2_000;
    hear('barn', 1);
    assert.match(lines.at(-1) ?? '', /kept again.*"lost":7/);
  });
});

/** Notes readings of what it folds, and what was committed. */
class Keeper extends Shouter {
  override fold(records: readonly TopicRecord[]): Outcome {
    const outcome = super.fold(records);
    const readings = records.map((record) => ({
      ...{ meter: record.key, watts: Number(text(record)), at: START + Number(text(record)) },
    }));
    return { ...outcome, changes: { ...outcome.changes, readings } };
  }
}

describe('a full disk of a process that scores on Kafka', { skip: withoutKafka() ?? false }, () => {
  it('holds up no scoring: each batch is committed and counted once', async (t) => {
    const { db, kept, log, lines, keptOf } = keeping(t);
    const topics = new KafkaTopics({ ...(await freshTopics(1)), quietMs: 0 }, kept, log);
    const stop = new AbortController();
    const keeper = new Keeper('', stop, 100);
    const makeRoom = fillDisk(db, 'INSERT ON readings');
    const consuming = topics.consume(keeper, stop.signal);
    t.after(async () => {
      stop.abort();
      await consuming;
      await topics.close();
    });
    const told: string[] = [];
    const tell = async (value: string): Promise<void> => {
      await topics.produce([raw(value)]);
      told.push(value);
      await until(`${value} is committed`, () => keeper.told.includes(value), 20);
    };
    for (const value of ['1', '2', '3']) await tell(value);
    makeRoom();
    await until('they are kept', async () => {
      await tell(String(told.length + 1));
      return keptOf('home').length === told.length;
    });
    assert.deepEqual(keeper.told, told);
    assert.equal(lines.filter((line) => line.includes('a partition is taken over')).length, 1);
    assert.deepEqual(
      lines.filter((line) => line.includes('tried again')),
      [],
    );
  });
});
