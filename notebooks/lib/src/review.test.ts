import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { DAY } from '@lefton/core';
import {
  readHome,
  readLeftOnModel,
  refitReasons,
  ServiceFile,
  serviceToReview,
  weeklyBases,
} from './index.ts';

test('a service has its episodes with what was answered, and its model fits or does not', async (t) => {
  const service = await serviceToReview({});
  t.after(() => {
    rmSync(dirname(service.db), { recursive: true, force: true });
  });
  const file = new ServiceFile(service.db);
  const newest = file.readings('home').at.at(-1) ?? 0;
  assert.equal(file.readings('another').at.length, 0);
  const [first, second, ...more] = file.episodes(newest - 30 * DAY, newest);
  assert.ok(first !== undefined && second !== undefined && more.length === 0);
  assert.deepEqual([first.answer, second.answer], [null, null]);
  assert.ok(first.since < first.toldAt && first.toldAt < (first.until ?? 0));

  const own = new DatabaseSync(service.db);
  own.prepare('INSERT INTO labels VALUES (?, ?, ?)').run(first.id, 'left_on', newest);
  own.close();
  const episodes = file.episodes(newest - 30 * DAY, newest);
  file.close();
  assert.equal(episodes[0]?.answer, 'left_on');

  const model = readLeftOnModel(service.model);
  const bases = weeklyBases(await readHome(service.history, service.zone), model);
  assert.equal(bases.length, 5);
  const now = bases.at(-1);
  assert.ok(now !== undefined);
  assert.deepEqual(refitReasons(model, now, []), []);
  assert.match(refitReasons(model, now, episodes).join(), /^there is 1 answer to learn/);
  const drifted = { until: now.until + 30 * DAY, watts: 900 };
  assert.match(
    refitReasons(model, drifted, []).join(),
    /^the base went from .* to 0\.9 kW,42 days have gone by/,
  );
});

test('the settings of a service go together', async () => {
  await assert.rejects(serviceToReview({ LEFTON_DB: 'lefton.db' }), /all three, or none/);
});
