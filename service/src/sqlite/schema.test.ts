import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { aFolder, SetClock } from '../a-service.test-data.ts';
import { SqliteStore } from '../store/store.ts';
import { Database } from './database.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';

const record = { v: 1, type: 'opened', episode: 'e', meter: 'home', at: '2026-01-05T03:12:00Z' };

describe('a database of an older version', () => {
  it('keeps its alerts, told and to be told', (t) => {
    const file = join(aFolder(t), 'lefton.db');
    const old = new DatabaseSync(file);
    old.exec(`${MIGRATIONS[0] ?? ''} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1;`);
    const insert = old.prepare(
      `INSERT INTO outbox (episode, event, channel, record, text, zone, state, created_at, due_at, settled_at, note)
       VALUES ('e', ?, 'console', ?, 'Unusual', 'UTC', ?, 1000, 1000, ?, ?)`,
    );
    insert.run('opened', JSON.stringify(record), 'sent', 2000, 'printed');
    insert.run('closed', JSON.stringify({ ...record, type: 'closed' }), 'pending', null, null);
    old.close();

    const db = new Database(file);
    t.after(() => {
      db.close();
    });
    const { deliveries } = new SqliteStore(db, new SetClock(), 400);
    assert.deepEqual(
      deliveries
        .list({ limit: 10 })
        .map(({ event, state, note, settledAt }) => [event, state, note, settledAt]),
      [
        ['closed', 'pending', null, null],
        ['opened', 'sent', 'printed', 2000],
      ],
    );
    const [due] = deliveries.due('console', 1000, 10);
    assert.deepEqual([due?.record.meter, due?.interrupted, due?.standsIn], ['home', null, null]);
    assert.deepEqual(
      deliveries.past(due ?? assert.fail(), { onset: 0, hour: 0, month: 0 }, 2000).lastHour,
      [2000],
    );
  });

  it('finds the episodes of a meter without looking through those of all others', (t) => {
    const file = join(aFolder(t), 'lefton.db');
    const old = new DatabaseSync(file);
    const before = MIGRATIONS.length - 1;
    old.exec(MIGRATIONS.slice(0, before).join(''));
    old.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${before};`);
    const insert = old.prepare(
      `INSERT INTO episodes (episode, kind, meter, since, excess_wh, why) VALUES (?, ?, ?, ?, 0, '')`,
    );
    for (let i = 0; i < 30; i++) insert.run(`e${i}`, i === 3 ? 'unusual' : 'silent', 'home', i);
    insert.run('other', 'unusual', 'barn', 40);
    old.close();

    const db = new Database(file);
    t.after(() => {
      db.close();
    });
    const store = new SqliteStore(db, new SetClock(), 400);
    assert.equal(store.lastUnusual('home')?.episode, 'e3');
    assert.equal(store.lastUnusual('shed'), null);
    assert.deepEqual(
      store.episodes({ meter: 'home', from: undefined, limit: 2 }).map(({ episode }) => episode),
      ['e29', 'e28'],
    );
    const plan = db
      .prepare("EXPLAIN QUERY PLAN SELECT * FROM episodes WHERE meter = 'home' ORDER BY since DESC LIMIT 1")
      .all();
    assert.match(JSON.stringify(plan), /episodes_by_meter/);
  });
});
