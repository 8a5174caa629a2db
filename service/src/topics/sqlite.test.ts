import { DAY, LeftOnError, MINUTE, SECOND } from '@lefton/core';
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aLog, SetClock, START } from '../a-service.test-data.ts';
import type { Changes, NewRecord } from '../ports.ts';
import { fillDisk } from '../sqlite/a-full-disk.test-data.ts';
import { Database, isInUse } from '../sqlite/database.ts';
import { SqliteTopics } from './sqlite.ts';
import {
  bytes,
  consumeUntil,
  NO_CHANGES,
  raw,
  Shouter,
  take,
  text,
  topicsContract,
} from './topics-contract.test.ts';
import type { TopicsUnderTest } from './topics-contract.test.ts';

const RETENTION = { raw_power: 7, raw_power_dead: 30, anomaly_power: 400 };

interface SqliteUnderTest extends TopicsUnderTest {
  readonly topics: SqliteTopics;
  /** Makes the projection fail until called again with undefined. */
  failWith(error: Error | undefined): void;
}

function open(t: TestContext, file: string, maxLag = 100, clock: SetClock = new SetClock()): SqliteUnderTest {
  const db = new Database(file);
  let closed = false;
  const close = (): void => {
    if (!closed) db.close();
    closed = true;
  };
  t.after(close);
  const applied: Changes[] = [];
  let fault: Error | undefined;
  const projection = {
    apply: (changes: Changes) => {
      if (fault !== undefined) throw fault;
      applied.push(changes);
    },
  };
  const limits = { maxLag, retentionDays: RETENTION, maxRecords: 1_000 };
  return {
    topics: new SqliteTopics(db, projection, clock, aLog().log, limits),
    applied,
    failWith: (error) => {
      fault = error;
    },
    reopen: () => {
      close();
      return Promise.resolve(open(t, file, maxLag));
    },
  };
}

topicsContract('sqlite', (t) => Promise.resolve(open(t, join(aFolder(t), 'lefton.db'))));

describe('topics on sqlite', () => {
  const under = (t: TestContext, maxLag: number): SqliteUnderTest =>
    open(t, join(aFolder(t), 'lefton.db'), maxLag);

  it('commits nothing where the projection fails', async (t) => {
    const made = under(t, 100);
    const { topics } = made;
    await topics.produce([raw('a')]);
    made.failWith(new Error('no'));
    const shouter = new Shouter('a', new AbortController());
    await assert.rejects(topics.consume(shouter, new AbortController().signal), /no/);
    assert.equal(shouter.forgotten, 1);
    const produce: NewRecord[] = [{ topic: 'anomaly_power', key: 'home', value: bytes('silent') }];
    await assert.rejects(topics.commit(shouter, [{ produce, changes: NO_CHANGES }]), /no/);
    assert.equal(shouter.forgotten, 2);
    assert.equal(await topics.lag('test', 'raw_power'), 1);
    made.failWith(undefined);
    await consumeUntil(topics, 'a');
    assert.deepEqual((await take(topics, 'anomaly_power', 1)).map(text), ['A']);
  });

  it('refuses producers while consumers are too far behind, and lets them wait', async (t) => {
    const { topics } = under(t, 2);
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

  it('stores no progress with records that were refused', async (t) => {
    const { topics } = under(t, 1);
    await topics.produce([raw('a')], { source: 'tail x', position: '1' });
    await assert.rejects(topics.produce([raw('b')], { source: 'tail x', position: '2' }));
    assert.equal(await topics.progress('tail x'), '1');
  });
});

describe('a disk that is full', () => {
  const full = new LeftOnError({
    ...{ code: 'storage_full', place: 'lefton.db', expected: 'room on the disk', found: 'none' },
    faultClass: 'transient',
  });

  it('is told as trouble when readings could not be scored for a quarter of a minute, until they can', async (t) => {
    const clock = new SetClock();
    const made = open(t, join(aFolder(t), 'lefton.db'), 100, clock);
    const { topics } = made;
    await topics.produce([raw('a')]);
    made.failWith(full);
    const tried = async (): Promise<void> => {
      const stop = new AbortController();
      const consuming = topics.consume(new Shouter('a', stop), stop.signal);
      setImmediate(() => {
        stop.abort();
      });
      await consuming;
    };
    await tried();
    assert.equal(topics.trouble(), undefined);
    clock.at += 20 * SECOND;
    await tried();
    assert.match(topics.trouble() ?? '', /room on the disk/);
    // what is small may still have room
    await topics.produce([raw('b')]);
    assert.match(topics.trouble() ?? '', /room on the disk/);
    made.failWith(undefined);
    await consumeUntil(topics, 'b');
    assert.equal(topics.trouble(), undefined);
  });

  it('is told while readings cannot be taken, and not for long when nobody brings any more', async (t) => {
    const clock = new SetClock();
    const db = new Database(join(aFolder(t), 'lefton.db'));
    t.after(() => {
      db.close();
    });
    const topics = new SqliteTopics(db, { apply: () => undefined }, clock, aLog().log);
    fillDisk(db, 'INSERT ON raw_power');
    await assert.rejects(topics.produce([raw('a')]), { code: 'storage_full' });
    clock.at += 20 * SECOND;
    assert.equal(topics.trouble(), undefined);
    await assert.rejects(topics.produce([raw('a')]), { code: 'storage_full' });
    assert.match(topics.trouble() ?? '', /room on the disk/);
    clock.at += 21 * MINUTE;
    assert.equal(topics.trouble(), undefined);
  });

  it('is told of a meter that is heard every quarter of an hour, without a break', async (t) => {
    const clock = new SetClock();
    const db = new Database(join(aFolder(t), 'lefton.db'));
    t.after(() => {
      db.close();
    });
    const topics = new SqliteTopics(db, { apply: () => undefined }, clock, aLog().log);
    const makeRoom = fillDisk(db, 'INSERT ON raw_power');
    await assert.rejects(topics.produce([raw('a')]), { code: 'storage_full' });
    for (let quarter = 0; quarter < 3; quarter++) {
      clock.at += 15 * MINUTE;
      if (quarter > 0) assert.match(topics.trouble() ?? '', /room on the disk/);
      await assert.rejects(topics.produce([raw('a')]), { code: 'storage_full' });
      assert.match(topics.trouble() ?? '', /room on the disk/);
    }
    makeRoom();
    await topics.produce([raw('a')]);
    assert.equal(topics.trouble(), undefined);
  });

  it('is told while a silence cannot be noted, which nobody brings', async (t) => {
    const clock = new SetClock();
    const made = open(t, join(aFolder(t), 'lefton.db'), 100, clock);
    made.failWith(full);
    const consumer = new Shouter('a', new AbortController());
    const silence = { produce: [], changes: { readings: [], events: [], alerts: [] } };
    for (const wait of [0, 20 * SECOND]) {
      clock.at += wait;
      await assert.rejects(made.topics.commit(consumer, [silence]), { code: 'storage_full' });
    }
    assert.match(made.topics.trouble() ?? '', /room on the disk/);
    made.failWith(undefined);
    await made.topics.commit(consumer, [silence]);
    assert.equal(made.topics.trouble(), undefined);
  });
});

describe('the SQLite file', () => {
  it('is opened by one process at a time, with a message that says what to do', (t) => {
    const file = join(aFolder(t), 'lefton.db');
    const first = new Database(file);
    assert.throws(() => new Database(file), { code: 'database_in_use', message: /--db/ });
    const reader = new DatabaseSync(file, { readOnly: true });
    assert.equal(reader.prepare('SELECT count(*) AS n FROM raw_power').get()?.n, 0);
    reader.close();
    first.close();
    new Database(file).close();
  });

  it('is known to be open also where it is named by a link', (t) => {
    const folder = aFolder(t);
    const [file, link] = [join(folder, 'lefton.db'), join(folder, 'link.db')];
    symlinkSync('lefton.db', link);
    // made through the link, which leads nowhere yet
    const first = new Database(link);
    assert.throws(() => new Database(file), { code: 'database_in_use' });
    assert.deepEqual([isInUse(file), isInUse(link)], [true, true]);
    first.close();
    const second = new Database(file);
    assert.throws(() => new Database(link), { code: 'database_in_use' });
    assert.deepEqual([isInUse(file), isInUse(link)], [true, true]);
    second.close();
    assert.deepEqual([isInUse(file), isInUse(link)], [false, false]);
  });

  it('is known to be open also where a link leads to it by another one, and by a linked folder', (t) => {
    const folder = aFolder(t);
    const file = join(folder, 'real', 'lefton.db');
    mkdirSync(join(folder, 'real', 'deep'), { recursive: true });
    symlinkSync(join('real', 'deep'), join(folder, 'short'));
    symlinkSync(join('..', 'lefton.db'), join(folder, 'real', 'deep', 'near.db'));
    symlinkSync(join('short', 'near.db'), join(folder, 'far.db'));
    // made through the links, which lead nowhere yet
    const first = new Database(join(folder, 'far.db'));
    assert.throws(() => new Database(file), { code: 'database_in_use' });
    first.close();
  });

  it('says that its folder is to be written to where it cannot be opened', (t) => {
    assert.throws(() => new Database(join(aFolder(t), 'nowhere', 'lefton.db')), {
      code: 'storage_failed',
      message: /a folder that is there, both to be written to/,
    });
  });

  it('refuses a database of another program', (t) => {
    const file = join(aFolder(t), 'other.db');
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE theirs (a)');
    other.close();
    assert.throws(() => new Database(file), { code: 'foreign_file' });
  });

  it('refuses a database of a newer LeftOn', (t) => {
    const file = join(aFolder(t), 'lefton.db');
    new Database(file).close();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    assert.throws(() => new Database(file), { code: 'newer_schema' });
  });

  it('refuses a file that is no database', (t) => {
    const file = join(aFolder(t), 'lefton.db');
    writeFileSync(file, 'at,watts\n'.repeat(1000));
    assert.throws(() => new Database(file), { code: 'storage_broken' });
  });
});

describe('retention', () => {
  it('keeps no more than so many records of a topic', async (t) => {
    const db = new Database(join(aFolder(t), 'lefton.db'));
    t.after(() => {
      db.close();
    });
    const limits = { maxLag: 100, retentionDays: RETENTION, maxRecords: 2 };
    const topics = new SqliteTopics(db, { apply: () => undefined }, new SetClock(), aLog().log, limits);
    const dead: NewRecord = { topic: 'raw_power_dead', key: 'home', value: Buffer.from('1') };
    await topics.produce([dead, dead, dead, dead, dead]);
    assert.equal(topics.expire(START), 3);
  });

  it('deletes what is old and consumed, keeps the rest, and never gives an offset twice', async (t) => {
    const db = new Database(join(aFolder(t), 'lefton.db'));
    t.after(() => {
      db.close();
    });
    const clock = new SetClock();
    const limits = { maxLag: 100, retentionDays: RETENTION, maxRecords: 1_000 };
    const topics = new SqliteTopics(db, { apply: () => undefined }, clock, aLog().log, limits);
    const raw: NewRecord = { topic: 'raw_power', key: 'home', value: Buffer.from('1') };
    await topics.produce([raw, raw, raw]);
    assert.equal(topics.expire(START + 30 * DAY), 0, 'not consumed yet');
    const enough = new AbortController();
    const consumer = {
      group: 'test',
      topic: 'raw_power' as const,
      batch: 10,
      fold: () => {
        enough.abort();
        return { produce: [], changes: { readings: [], events: [], alerts: [] } };
      },
      prepare: () => undefined,
      newcomers: () => [],
      save: () => [],
      forget: () => undefined,
      restore: () => undefined,
    };
    await topics.consume(consumer, enough.signal);
    assert.equal(topics.expire(START + 6 * DAY), 0, 'not old yet');
    assert.equal(topics.expire(START + 8 * DAY), 2, 'all but the newest');
    await topics.produce([raw]);
    assert.equal(await topics.lag('test', 'raw_power'), 1);
  });
});
