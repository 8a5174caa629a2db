import assert from 'node:assert/strict';
import { DAY, HOUR, MINUTE } from '@lefton/core';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, SetClock, START } from '../a-service.test-data.ts';
import { Database } from '../sqlite/database.ts';
import { readStore, recentInSlices } from './recent-history.ts';
import { SqliteStore } from './store.ts';

/** The file of a service that was told readings of the meter `home`, taken in as a past. */
function aFile(t: TestContext, instants: readonly number[]): string {
  const file = join(aFolder(t), 'lefton.db');
  const db = new Database(file);
  const store = new SqliteStore(db, new SetClock(), 400, {});
  store.takeIn(
    'home',
    instants.map((at, i) => ({ at, watts: 100 + i, until: at + MINUTE })),
  );
  db.close();
  return file;
}

/** What is read in the end. */
function whole<T>(slices: Generator<number, T>): T {
  for (let slice = slices.next(); ; slice = slices.next()) if (slice.done === true) return slice.value;
}

test('readings of more than a day after the moment that is asked for are no history', (t) => {
  const file = aFile(t, [START, START + HOUR, START + 3 * DAY]);
  assert.deepEqual([...readStore(file, 'home', START).at], [START, START + HOUR]);
  assert.deepEqual([...readStore(file, 'home', START + 3 * DAY).watts], [100, 101, 102]);
});

test('the last stretch ends at the newest reading, and a meter that was never heard has none', (t) => {
  const file = aFile(t, [START, START + HOUR, START + 2 * HOUR]);
  const { at } = whole(recentInSlices(file, 'home', START + DAY, HOUR));
  assert.deepEqual([...at], [START + HOUR, START + 2 * HOUR]);
  assert.equal(whole(recentInSlices(file, 'barn', START + DAY, HOUR)).at.length, 0);
});

test('what is no database of a service is refused by its name', (t) => {
  const place = join(aFolder(t), 'none.db');
  assert.throws(() => readStore(place, 'home', START), { code: 'bad_database', place });
});
