import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { DAY } from '@lefton/core';
import {
  readHome,
  readLeftOnModel,
  refitDecision,
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
  const [first, second, ...more] = file.episodes('home', newest - 30 * DAY, newest);
  assert.ok(first !== undefined && second !== undefined && more.length === 0);
  assert.deepEqual([first.answer, second.answer], [null, null]);
  assert.ok(first.since < first.toldAt && first.toldAt < (first.until ?? 0));

  const own = new DatabaseSync(service.db);
  own.prepare('INSERT INTO labels VALUES (?, ?, ?)').run(first.id, 'left_on', newest);
  own.exec(
    `INSERT INTO episodes (episode, kind, meter, since, opened_at, excess_wh, why)
     SELECT 'heat-pump@' || since, kind, 'heat-pump', since, opened_at, excess_wh, why FROM episodes`,
  );
  own.close();
  const episodes = file.episodes('home', newest - 30 * DAY, newest);
  file.close();
  assert.equal(episodes[0]?.answer, 'left_on');
  assert.equal(episodes.length, 2, 'those of another meter are left out');

  const model = readLeftOnModel(service.model);
  const home = await readHome(service.history, service.zone);
  const bases = weeklyBases(home, model);
  assert.equal(bases.length, 5);
  const decision = refitDecision(home, model, episodes);
  assert.match(decision.why, /: found [01]\.\d\d(?: with \d+ false alarms)?; the model before /);
  assert.equal(decision.heldOutDays, 14);
  // what was told is not learned unless somebody called it fine, whichever way it is answered
  assert.equal(decision.notLearned, 1);
});

test('the settings of a service go together', async () => {
  await assert.rejects(serviceToReview({ LEFTON_DB: 'lefton.db' }), /all three, or none/);
});
