import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import {
  aFolder,
  aModelFile,
  aService,
  minutesCsv,
  START,
  TABLE_JSON,
  until,
} from '../a-service.test-data.ts';
import type { RunningService } from '../a-service.test-data.ts';
import { forgetCommand } from '../commands/forget.ts';
import { aStore, modelWith } from '../fleet/a-store.test-data.ts';
import { ModelStore } from '../fleet/model-store.ts';
import { Database } from './database.ts';
import { Erasure, OF_NO_METER, TABLES_OF_METERS } from './erasure.ts';

const METER = 'barn-of-the-smiths';

/** Files of a folder that hold a text anywhere among their bytes. */
const filesWith = (folder: string, text: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text));

const withMeter = (csv: string, meter: string): string =>
  csv
    .split('\n')
    .map((line, i) => (line === '' ? '' : `${line},${i === 0 ? 'meter' : meter}`))
    .join('\n');

async function post({ url }: RunningService, body: string): Promise<void> {
  const headers = { 'content-type': 'text/csv' };
  assert.equal((await fetch(`${url}/api/readings`, { method: 'POST', headers, body })).status, 200);
}

/** A service that has told of the meter and of another one, each with an answer of a person. */
async function watched(t: TestContext, flags: Record<string, unknown> = {}): Promise<RunningService> {
  const service = await aService(t, { stdin: true, ...flags });
  const day = minutesCsv(480, (minute) => minute >= 120 && minute < 200);
  for (const meter of [METER, 'home']) {
    service.stdin.write(`no,reading,${meter}\n`);
    await post(service, withMeter(day, meter));
    const episode = encodeURIComponent(
      `${meter}@${new Date(START + 120 * 60_000).toISOString().replace('.000', '')}`,
    );
    const answer = async (): Promise<boolean> => {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"label":"fine"}',
      };
      return (await fetch(`${service.url}/api/episodes/${episode}/feedback`, init)).ok;
    };
    await until(`${meter} is told and answered`, answer);
  }
  await until('all is told', () => service.metrics.events.get({ type: 'closed' }) === 2);
  return service;
}

const meters = async ({ url }: RunningService): Promise<string[]> => {
  const answer = (await (await fetch(`${url}/api/meters`)).json()) as { meters: { meter: string }[] };
  return answer.meters.map(({ meter }) => meter);
};

describe('forgetting a meter', () => {
  it('knows of each table whether a meter is in it', (t) => {
    const db = new Database(join(aFolder(t), 'lefton.db'));
    t.after(() => {
      db.close();
    });
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
      .map(({ name }) => String(name));
    assert.deepEqual(tables.sort(), [...TABLES_OF_METERS, ...OF_NO_METER].sort());
  });

  it('leaves nothing of it in any file while the service runs, and all of the others', async (t) => {
    const service = await watched(t);
    assert.ok(filesWith(service.folder, METER).length > 0);
    const answer = await fetch(`${service.url}/api/meters/${METER}`, { method: 'DELETE' });
    const { deleted } = (await answer.json()) as { deleted: Record<string, number> };
    assert.equal(answer.status, 200);
    for (const table of [
      'readings',
      'stretches',
      'raw_power',
      'raw_power_dead',
      'anomaly_power',
      'outbox',
      'labels',
      'episodes',
      'meters',
    ])
      assert.ok((deleted[table] ?? 0) > 0, table);
    assert.deepEqual(filesWith(service.folder, METER), []);
    assert.deepEqual(await meters(service), ['home']);
    assert.equal((await fetch(`${service.url}/api/meters/${METER}`, { method: 'DELETE' })).status, 404);
    const { episodes } = (await (await fetch(`${service.url}/api/episodes`)).json()) as {
      episodes: unknown[];
    };
    assert.equal(episodes.length, 1);
    // what comes now is scored: the places of records that went are not given again
    const later = new Date(START + 481 * 60_000).toISOString();
    await post(service, `${later},150,home`);
    await until('it is scored', () => service.metrics.readings.get({ verdict: 'ok' }) === 961);
    assert.deepEqual(
      service.logged.filter((line) => line.includes(METER)),
      [],
    );
  });

  it('goes on where the newest record was the one that went', async (t) => {
    const service = await watched(t);
    await fetch(`${service.url}/api/meters/home`, { method: 'DELETE' });
    await until('nothing waits', async () => {
      const { lag_readings: lag } = (await (await fetch(`${service.url}/readyz`)).json()) as {
        lag_readings: number;
      };
      return lag === 0;
    });
    await post(
      service,
      withMeter(
        minutesCsv(480, (minute) => minute >= 120 && minute < 200),
        'shed',
      ),
    );
    await until('the other is told', () => service.metrics.events.get({ type: 'closed' }) === 3);
    assert.deepEqual((await meters(service)).sort(), [METER, 'shed']);
  });

  it('is gone from the store of a fleet as well, while others read it', async (t) => {
    const store = aStore(t);
    store.write(() => {
      store.put('meter', METER, 1, modelWith(500, METER));
      store.put('cohort', 'flats', 1, modelWith(600));
      store.assign([[METER, 'flats']]);
    });
    const reader = new ModelStore(store.file);
    t.after(() => {
      reader.close();
    });
    assert.equal(reader.count(METER), 2);
    t.mock.method(process.stdout, 'write', () => true);
    const db = join(dirname(store.file), 'lefton.db');
    new Database(db).close();
    const args = ['--db', db, '--model-store', store.file, '--yes'];
    await forgetCommand().parseAsync([METER, ...args], { from: 'user' });
    t.mock.restoreAll();
    assert.deepEqual([process.exitCode, reader.count(METER)], [0, 0]);
    assert.deepEqual(filesWith(dirname(store.file), METER), []);
    assert.notEqual(reader.find('cohort', 'flats', 1), undefined);
  });

  it('by a command says where what was named is not there, and is no success without its database', async (t) => {
    const folder = aFolder(t);
    const db = join(folder, 'lefton.db');
    new Database(db).close();
    const said = t.mock.method(process.stdout, 'write', () => true);
    const wrong = t.mock.method(process.stderr, 'write', () => true);
    const run = (...args: string[]): Promise<unknown> =>
      forgetCommand().parseAsync([METER, '--yes', ...args], { from: 'user' });
    await run('--db', join(folder, 'mistyped.db'));
    const { exitCode } = process;
    await run('--db', db, '--model', join(folder, 'typo-models'));
    t.mock.restoreAll();
    assert.equal(exitCode, 1);
    assert.match(String(wrong.mock.calls[0]?.arguments[0]), /mistyped\.db: .*found no such file/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('mis')),
      [],
    );
    assert.match(String(said.mock.calls[0]?.arguments[0]), /typo-models is not there: nothing was looked at/);
    assert.equal(process.exitCode, 0);
  });

  it('takes the model of a single file out of use at once', async (t) => {
    const model = aModelFile(aFolder(t), { ...TABLE_JSON, meter: 'home' });
    const service = await aService(t, { model });
    await post(service, minutesCsv(3));
    await until('it is scored', () => service.metrics.readings.get({ verdict: 'ok' }) === 3);
    assert.equal((await fetch(`${service.url}/api/meters/home`, { method: 'DELETE' })).status, 200);
    assert.ok(!existsSync(model));
    assert.doesNotMatch(await (await fetch(`${service.url}/readyz`)).text(), /"meter":"home"/);
    await post(service, `${new Date(START + 4 * 60_000).toISOString()},3000`);
    await until('what comes now is not', () => service.metrics.readings.get({ verdict: 'no_model' }) === 1);
  });

  it('is shown first and done with --yes, on what a stopped service left', async (t) => {
    const folder = aFolder(t);
    const models = join(folder, 'models');
    const db = join(folder, 'lefton.db');
    mkdirSync(models);
    const own = aModelFile(models, { ...TABLE_JSON, meter: METER }, 'own.json');
    writeFileSync(`${own}.refits`, `${JSON.stringify({ meter: METER })}\n`);
    const shared = aModelFile(models);
    writeFileSync(
      `${shared}.refits`,
      `${JSON.stringify({ meter: METER })}\n${JSON.stringify({ meter: 'home' })}\n`,
    );
    const service = await watched(t, { db, model: models });
    service.stop();
    await service.done;

    t.mock.method(process.stdout, 'write', () => true);
    const run = async (...args: string[]): Promise<void> => {
      await forgetCommand().parseAsync([METER, '--db', db, '--model', models, ...args], { from: 'user' });
    };
    const before = filesWith(folder, METER).length;
    await run();
    assert.equal(filesWith(folder, METER).length, before);
    await run('--yes');
    t.mock.restoreAll();
    assert.equal(process.exitCode, 0);
    assert.deepEqual(filesWith(folder, METER), []);
    assert.equal(readFileSync(`${shared}.refits`, 'utf8'), `${JSON.stringify({ meter: 'home' })}\n`);
    const left = new Database(db);
    t.after(() => {
      left.close();
    });
    assert.deepEqual(new Erasure(left).count(METER), {});
    assert.equal(new Erasure(left).count('home').readings, 480);
  });
});
