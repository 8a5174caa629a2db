import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { DAY } from '@lefton/core';
import {
  readLeftOnModel,
  refitCommand,
  refitDecision,
  reviewedHistory,
  ServiceFile,
  serviceToReview,
  weeklyBases,
} from '../index.ts';

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

  const written = new DatabaseSync(service.db);
  written.prepare('INSERT INTO labels VALUES (?, ?, ?)').run(first.id, 'left_on', newest);
  written.exec(
    `INSERT INTO episodes (episode, kind, meter, since, opened_at, excess_wh, why)
     SELECT 'heat-pump@' || since, kind, 'heat-pump', since, opened_at, excess_wh, why FROM episodes`,
  );
  written.close();
  const episodes = file.episodes('home', newest - 30 * DAY, newest);
  assert.deepEqual(file.meters(), ['home']);
  assert.equal(episodes[0]?.answer, 'left_on');
  assert.equal(episodes.length, 2, 'those of another meter are left out');

  const model = readLeftOnModel(service.model);
  const home = await reviewedHistory(service, file.readings('home'), model);
  assert.deepEqual(home.notes, []);
  const bases = weeklyBases(home, model);
  assert.equal(bases.length, 5);
  const decision = refitDecision(home, model, episodes);
  assert.match(decision.why, /: found [01]\.\d\d(?: with \d+ false alarms)?; the model before /);
  assert.equal(decision.heldOutDays, 14);
  // what was told is not learned unless somebody called it fine, whichever way it is answered
  assert.equal(decision.notLearned, 1);

  // without an export it is what the service has kept
  const own = { ...service, history: null };
  const kept = await reviewedHistory(own, file.readings('home'), model);
  assert.equal(kept.history.at.length, file.readings('home').at.length);
  assert.match(refitCommand(own), /^npx lefton refit --db .*lefton\.db --model .*\.json$/);
  assert.match(refitCommand(service), / --csv .*readings\.csv\.gz --db /);
  // an export that ends before the service is no view of the home now
  const later = { at: Float64Array.of(newest + 9 * DAY), watts: Float64Array.of(200) };
  const old = await reviewedHistory(service, later, model);
  assert.match(old.notes.join(), /readings\.csv\.gz ends 9 days before the newest reading of the service/);
  file.close();
});

test('a database and a model go together, with or without a history', async () => {
  await assert.rejects(serviceToReview({ LEFTON_DB: 'lefton.db' }), /set both, or none/);
  const set = { LEFTON_DB: 'lefton.db', LEFTON_MODEL: 'home.json' };
  assert.equal((await serviceToReview(set)).history, null);
  const { name, history } = await serviceToReview({ ...set, LEFTON_HISTORY: '/home.csv' });
  assert.deepEqual([name, history], ['lefton.db', '/home.csv']);
});

test('a history alone is no service: the sample house is looked at, and that is said', async (t) => {
  const { name, db } = await serviceToReview({ LEFTON_HISTORY: 'home.csv' });
  t.after(() => {
    rmSync(dirname(db), { recursive: true, force: true });
  });
  assert.match(name, /^sample house, simulated, not home\.csv, .*: LEFTON_DB and LEFTON_MODEL/);
});

test('a file that is no database of a service is refused by name', () => {
  for (const path of ['nowhere.db', import.meta.filename])
    assert.throws(
      () => new ServiceFile(path),
      (error: Error) => error.message.startsWith(`${path}: expected the database of lefton serve`),
    );
});

test('a file that is no model of a service is refused by name', () => {
  for (const path of ['nowhere.json', import.meta.filename])
    assert.throws(
      () => readLeftOnModel(path),
      (error: Error) =>
        error.message.startsWith(`${path}: expected the model of the service, as in LEFTON_MODEL`),
    );
});
