import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aModelFile, aService, aTable, minutesCsv, START, until } from '../a-service.test-data.ts';
import type { RunningService } from '../a-service.test-data.ts';
import { modelWith } from '../fleet/a-store.test-data.ts';
import { ModelStore } from '../fleet/model-store.ts';
import { ModelWriter } from '../fleet/model-writer.ts';
import { backupCommand, restoreCommand } from '../commands/backup.ts';
import { backUp, backupAbout } from './backup.ts';
import { restore } from './restore.ts';

const MINUTES = 480;
const HALF = 160;
const day = minutesCsv(MINUTES, (minute) => minute >= 120 && minute < 200)
  .trim()
  .split('\n')
  .slice(1);

async function post({ url }: RunningService, rows: readonly string[], meter = 'home'): Promise<void> {
  const body = rows.map((row) => `${row},${meter}`).join('\n');
  const headers = { 'content-type': 'text/csv' };
  assert.equal((await fetch(`${url}/api/readings`, { method: 'POST', headers, body })).status, 200);
}

const scored = ({ metrics }: RunningService): number => metrics.readings.get({ verdict: 'ok' });
const get = async ({ url }: RunningService, path: string): Promise<unknown> =>
  (await fetch(`${url}${path}`)).json();

/** How the service stands for people. */
async function answers(service: RunningService): Promise<unknown[]> {
  const paths = ['/api/episodes?meter=home', '/api/score?meter=home', '/api/readings?meter=home'];
  const to = new Date(START + MINUTES * 60_000).toISOString();
  const from = new Date(START).toISOString();
  return Promise.all(
    paths.map((path) =>
      get(service, path.includes('readings') ? `${path}&from=${from}&to=${to}&points=5000` : path),
    ),
  );
}

const told = ({ printed }: RunningService): string[] =>
  printed.filter((line) => /Unusual|Still|Back to usual/.test(line));
/** The other meter, which keeps the service busy, may have something to tell as well. */
const ofHome = (line: string): boolean => line.includes('home:');
const allTold = async (service: RunningService): Promise<boolean> => {
  const { alerts } = (await get(service, '/api/alerts')) as { alerts: { state: string }[] };
  return alerts.every(({ state }) => state !== 'pending');
};

/** The first half of the day is scored, and what is unusual in it is told. */
async function halfADay(service: RunningService): Promise<void> {
  await post(service, day.slice(0, HALF));
  await until('half of the day is scored', () => scored(service) === HALF);
  await until('it is told', () => service.printed.some((line) => line.includes('Unusual')));
  await until('all is told', () => allTold(service));
}

async function run(
  t: TestContext,
  command: ReturnType<typeof backupCommand>,
  ...args: string[]
): Promise<void> {
  const write = t.mock.method(process.stdout, 'write', () => true);
  await command.parseAsync(args, { from: 'user' });
  write.mock.restore();
  assert.equal(process.exitCode, 0);
}

/** What a command says that it could not do. */
async function complaint(
  t: TestContext,
  command: ReturnType<typeof backupCommand>,
  ...args: string[]
): Promise<string> {
  const write = t.mock.method(process.stderr, 'write', () => true);
  await command.parseAsync(args, { from: 'user' });
  const said = write.mock.calls.map((call) => String(call.arguments[0])).join('');
  write.mock.restore();
  assert.equal(process.exitCode, 1, said);
  process.exitCode = 0;
  return said;
}

/** To whom no folder is closed. */
const isRoot = process.getuid?.() === 0 ? 'needs an ordinary user' : false;

describe('a backup', () => {
  it('of a service under load restores to the same episodes and scores, and tells nothing twice', async (t) => {
    const uninterrupted = await aService(t);
    await post(uninterrupted, day);
    await until('the whole day is scored', () => scored(uninterrupted) === MINUTES);

    const folder = aFolder(t);
    const models = join(folder, 'models');
    mkdirSync(models);
    writeFileSync(`${aModelFile(models)}.refits`, '{}\n');
    const db = join(folder, 'lefton.db');
    const lost = await aService(t, { db, model: models });
    await halfADay(lost);
    // another meter, its heater on, keeps the service busy while the backup is taken
    const busy = new AbortController();
    let posted = 0;
    const load = (async () => {
      for (let i = 0; !busy.signal.aborted; i = (i + 20) % MINUTES, posted++)
        await post(lost, day.slice(i, i + 20), 'barn');
    })();
    await until('it is busy', () => posted > 12);
    const file = join(folder, 'backup.db');
    await run(t, backupCommand(), file, '--db', db, '--model', models);
    busy.abort();
    await load;
    lost.stop();
    await lost.done;

    const there = join(folder, 'new');
    mkdirSync(there);
    const places = ['--db', join(there, 'lefton.db'), '--model', join(there, 'models')];
    await run(t, restoreCommand(), file, ...places);
    assert.equal(readFileSync(join(there, 'models', 'model.json.refits'), 'utf8'), '{}\n');
    const restored = await aService(t, { db: join(there, 'lefton.db'), model: join(there, 'models') });
    // what was being taken by then is sent again by whoever sent it, and more
    await post(restored, day.slice(HALF - 40));
    await until('the rest is told', () => restored.printed.some((line) => line.includes('Back to usual')));
    await until('all is told there', async () => (await allTold(restored)) && (await allTold(uninterrupted)));
    await until('both stand the same', async () => {
      const [a, b] = [await answers(restored), await answers(uninterrupted)];
      return JSON.stringify(a) === JSON.stringify(b);
    });
    assert.deepEqual([...told(lost), ...told(restored)].filter(ofHome), told(uninterrupted));
  });

  it('has the models of a fleet in it, taken while service and store are busy', async (t) => {
    const aStore = (folder: string): ModelWriter => {
      const store = new ModelWriter(join(folder, 'fleet.db'));
      store.write(() => {
        store.put('meter', 'home', 1, modelWith(9_000));
        store.put('meter', 'home', 2, aTable());
        store.put('cohort', 'flats', 1, modelWith(500));
        store.assign([['barn', 'flats']]);
        store.roll({ stable: 1, candidate: 2, perMille: 0, previous: null }, ['home']);
      });
      t.after(() => {
        store.close();
      });
      return store;
    };
    const fleetOf = (folder: string): string => join(folder, 'fleet.db');
    const [calm, folder, there] = [aFolder(t), aFolder(t), aFolder(t)];
    aStore(calm);
    const uninterrupted = await aService(t, { model: undefined, modelStore: fleetOf(calm) });
    await post(uninterrupted, day);
    await until('the whole day is scored', () => scored(uninterrupted) === MINUTES);

    const store = aStore(folder);
    const db = join(folder, 'lefton.db');
    const lost = await aService(t, { db, model: undefined, modelStore: fleetOf(folder) });
    await halfADay(lost);
    const busy = new AbortController();
    let written = 0;
    const load = (async () => {
      for (let i = 0; !busy.signal.aborted; i = (i + 20) % MINUTES) {
        await post(lost, day.slice(i, i + 20), 'barn');
        // two models that go together: a backup has both or none
        store.write(() => {
          for (const half of ['left', 'right']) store.put('meter', `${half}-${written}`, 1, modelWith(700));
        });
        written++;
      }
    })();
    await until('it is busy', () => written > 3);
    const file = join(folder, 'backup.db');
    await run(t, backupCommand(), file, '--db', db, '--model-store', fleetOf(folder));
    const atLeast = written - 1;
    busy.abort();
    await load;
    lost.stop();
    await lost.done;

    await run(t, restoreCommand(), file, '--db', join(there, 'without.db'));
    assert.ok(!existsSync(fleetOf(there)));
    const places = ['--db', join(there, 'lefton.db'), '--model-store', fleetOf(there)];
    await run(t, restoreCommand(), file, ...places);
    assert.deepEqual(
      readdirSync(there).filter((name) => name.includes('part')),
      [],
    );
    const back = new ModelStore(fleetOf(there));
    assert.deepEqual(back.rollout(), store.rollout());
    assert.equal(back.cohortOf('barn'), 'flats');
    const [one, two] = back.generations();
    assert.ok(two?.meters === 1 && one?.cohorts === 1);
    assert.equal(one.meters % 2, 1);
    assert.ok(one.meters > atLeast);
    back.close();
    const sqlite = new DatabaseSync(join(there, 'lefton.db'));
    const left = sqlite.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'fleet_%'").all();
    sqlite.close();
    assert.deepEqual(left, []);

    const settings = { db: join(there, 'lefton.db'), model: undefined, modelStore: fleetOf(there) };
    const restored = await aService(t, settings);
    await post(restored, day.slice(HALF - 40));
    await until('the rest is told', () => restored.printed.some((line) => line.includes('Back to usual')));
    await until('all is told there', async () => (await allTold(restored)) && (await allTold(uninterrupted)));
    await until('both stand the same', async () => {
      const [a, b] = [await answers(restored), await answers(uninterrupted)];
      return JSON.stringify(a) === JSON.stringify(b);
    });
    assert.deepEqual([...told(lost), ...told(restored)].filter(ofHome), told(uninterrupted));
    assert.throws(() => restore(file, join(there, 'x.db'), START, false, fleetOf(there)), /not written over/);
  });

  it('does not tell what a running service may have told since, unless it is asked to', async (t) => {
    const folder = aFolder(t);
    const service = await aService(t);
    await post(service, day);
    await until('all is scored', () => scored(service) === MINUTES);
    await until(
      'there are alerts',
      async () => ((await get(service, '/api/alerts')) as { alerts: unknown[] }).alerts.length === 3,
    );
    const db = join(service.folder, 'lefton.db');
    service.stop();
    await service.done;
    const sqlite = new DatabaseSync(db);
    sqlite.exec("UPDATE outbox SET state = 'pending', settled_at = NULL");
    sqlite.close();
    const cases = [
      { running: true, tellPending: false, notTold: 3 },
      { running: true, tellPending: true, notTold: 0 },
      { running: false, tellPending: false, notTold: 0 },
    ];
    for (const [i, { running, tellPending, notTold }] of cases.entries()) {
      const file = join(folder, `${i}.backup`);
      await backUp(db, file, backupAbout(START, 'lefton test', running), []);
      const restored = restore(file, join(folder, `${i}.db`), START, tellPending);
      assert.deepEqual(restored, {
        ...{
          at: '2026-01-05T00:00:00Z',
          software: 'lefton test',
          running,
          fleetModels: null,
          files: [],
          notTold,
        },
      });
    }
  });

  it('of several models is put back whole into a folder, and not at all under the name of one file', async (t) => {
    const folder = aFolder(t);
    const service = await aService(t);
    const file = join(folder, 'a.backup');
    const files = ['home.json', 'barn.json'].map((name) => ({ name, content: Buffer.from('{}') }));
    await backUp(join(service.folder, 'lefton.db'), file, backupAbout(START, 'lefton test', true), files);
    const db = join(folder, 'new.db');
    const into = (model: string): Promise<unknown> =>
      restoreCommand().parseAsync([file, '--db', db, '--model', model], { from: 'user' });
    t.mock.method(process.stdout, 'write', () => true);
    const errors = t.mock.method(process.stderr, 'write', () => true);
    await into(join(folder, 'one.json'));
    assert.match(
      String(errors.mock.calls.at(-1)?.arguments[0]),
      /a folder, as the backup has several models/,
    );
    assert.ok(!existsSync(db));
    await into(join(folder, 'models'));
    process.exitCode = 0;
    t.mock.restoreAll();
    assert.ok(existsSync(db));
    assert.deepEqual(readdirSync(join(folder, 'models')).sort(), ['barn.json', 'home.json']);
  });

  it('is never written over anything, and what is damaged or of others is refused', async (t) => {
    const folder = aFolder(t);
    const service = await aService(t);
    const db = join(service.folder, 'lefton.db');
    const file = join(folder, 'a.backup');
    await backUp(db, file, backupAbout(START, 'lefton test', true), []);
    await assert.rejects(backUp(db, file, backupAbout(START, 'lefton test', true), []), /not written over/);
    assert.throws(() => restore(file, db, START, false), /not written over/);
    const place = join(folder, 'new.db');
    truncateSync(file, 20_000);
    assert.throws(() => restore(file, place, START, false), /lefton backup/);
    writeFileSync(file, 'something else');
    assert.throws(() => restore(file, place, START, false), /lefton backup/);
    assert.throws(() => restore(join(folder, 'none'), place, START, false), /no such file/);
    assert.ok(!existsSync(place) && !existsSync(`${place}.part`));
    await assert.rejects(
      backUp(join(folder, 'none.db'), join(folder, 'b.backup'), backupAbout(0, '', false), []),
    );
  });

  it('of what is no database of ours, or without the models that were named, is refused', async (t) => {
    const folder = aFolder(t);
    const service = await aService(t);
    const out = join(folder, 'a.backup');
    const other = join(folder, 'other.db');
    const made = new DatabaseSync(other);
    made.exec('CREATE TABLE t (a)');
    made.close();
    const none = join(folder, 'nope.db');
    assert.match(await complaint(t, backupCommand(), out, '--db', other), /other\.db: .* another program/);
    assert.match(await complaint(t, backupCommand(), out, '--db', none), /nope\.db: .*found no such file/);
    const places = ['--db', join(service.folder, 'lefton.db'), '--model', join(folder, 'typo-models')];
    assert.match(await complaint(t, backupCommand(), out, ...places), /typo-models: expected a model file/);
    assert.deepEqual(readdirSync(folder), ['other.db']);
  });

  it('that was put away read only is restored to a database that its service can write to', async (t) => {
    const folder = aFolder(t);
    const service = await aService(t);
    const file = join(folder, 'a.backup');
    await backUp(join(service.folder, 'lefton.db'), file, backupAbout(START, 'lefton test', true), []);
    chmodSync(file, 0o440);
    const db = join(folder, 'new.db');
    restore(file, db, START, false);
    assert.equal((statSync(db).mode & 0o777).toString(8), '640');
    await post(await aService(t, { db }), day);
  });

  it('of a damaged database is refused when it is made, and not when it is needed', async (t) => {
    const service = await aService(t);
    await halfADay(service);
    service.stop();
    await service.done;
    const db = join(service.folder, 'lefton.db');
    const file = openSync(db, 'r+');
    // a page in the middle of it, which nobody reads to copy it
    writeSync(file, randomBytes(4096), 0, 4096, Math.floor(statSync(db).size / 8192) * 4096);
    closeSync(file);
    const folder = aFolder(t);
    const said = await complaint(t, backupCommand(), join(folder, 'a.backup'), '--db', db);
    assert.match(said, /lefton\.db: expected a database of lefton serve, found .*(?:damaged|malformed)/);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('of a damaged store of models is refused, and it is the store that is named', async (t) => {
    const service = await aService(t);
    const fleet = join(service.folder, 'fleet.db');
    const store = new ModelWriter(fleet);
    store.write(() => {
      for (let i = 0; i < 20; i++) store.put('meter', `m${i}`, 1, modelWith(700));
    });
    store.close();
    const { size } = statSync(fleet);
    const whole = readFileSync(fleet);
    const places = ['--db', join(service.folder, 'lefton.db'), '--model-store', fleet];
    const folder = aFolder(t);
    // what a copy stumbles over, and what would be copied as it is
    for (const at of [Math.floor(size / 8192) * 4096, size - 4096]) {
      writeFileSync(fleet, whole);
      const file = openSync(fleet, 'r+');
      writeSync(file, randomBytes(4096), 0, 4096, at);
      closeSync(file);
      const said = await complaint(t, backupCommand(), join(folder, 'a.backup'), ...places);
      assert.match(said, /fleet\.db: expected an intact store of models/);
    }
    assert.deepEqual(readdirSync(folder), []);
  });

  it('goes back through a link to where that leads, and not beside the log of an earlier database', async (t) => {
    const folder = aFolder(t);
    const service = await aService(t);
    const file = join(folder, 'a.backup');
    await backUp(join(service.folder, 'lefton.db'), file, backupAbout(START, 'lefton test', true), []);
    const [there, link] = [join(aFolder(t), 'lefton.db'), join(folder, 'link.db')];
    symlinkSync(there, link);
    writeFileSync(`${there}-wal`, '');
    assert.throws(() => restore(file, link, START, false), /lefton\.db-wal: .*not written over/);
    rmSync(`${there}-wal`);
    restore(file, link, START, false);
    assert.ok(lstatSync(link).isSymbolicLink());
    await post(await aService(t, { db: there }), day);
  });

  it('that has no place, or no room there, says which place it is', async (t) => {
    const folder = aFolder(t);
    const service = await aService(t);
    const db = join(service.folder, 'lefton.db');
    const out = join(folder, 'gone', 'a.backup');
    assert.match(await complaint(t, backupCommand(), out, '--db', db), /gone\/a\.backup: expected a place/);
    const main = join(import.meta.dirname, '..', '..', 'lefton.js');
    const full = join(folder, 'a.backup');
    const args = [process.execPath, main, 'backup', full, '--db', db];
    // no file may be longer than a few blocks
    const { stderr, status } = spawnSync('sh', ['-c', 'ulimit -f 8; exec "$@"', 'sh', ...args], {
      env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.match(stderr, /a\.backup: expected a place to write to, with room/);
    assert.deepEqual(readdirSync(folder), []);
    const file = join(folder, 'b.backup');
    await backUp(db, file, backupAbout(START, 'lefton test', true), []);
    const there = join(folder, 'gone', 'new.db');
    assert.match(
      await complaint(t, restoreCommand(), file, '--db', there),
      /gone\/new\.db: expected a place/,
    );
  });

  it('is taken of a database in a folder that cannot be written to', { skip: isRoot }, async (t) => {
    const folder = aFolder(t);
    const service = await aService(t, { db: join(folder, 'lefton.db') });
    service.stop();
    await service.done;
    for (const name of readdirSync(folder)) if (name !== 'lefton.db') rmSync(join(folder, name));
    const file = join(aFolder(t), 'a.backup');
    chmodSync(folder, 0o555);
    try {
      await run(t, backupCommand(), file, '--db', join(folder, 'lefton.db'));
    } finally {
      chmodSync(folder, 0o755);
    }
    assert.ok(existsSync(file));
  });

  it('of a link is not taken without what stands in the log of its file', { skip: isRoot }, async (t) => {
    const folder = aFolder(t);
    const service = await aService(t, { db: join(folder, 'lefton.db') });
    service.stop();
    await service.done;
    // as after a kill, where nothing can be written beside it
    writeFileSync(join(folder, 'lefton.db-wal'), randomBytes(64));
    const link = join(aFolder(t), 'link.db');
    symlinkSync(join(folder, 'lefton.db'), link);
    chmodSync(folder, 0o555);
    try {
      assert.match(
        await complaint(t, backupCommand(), join(aFolder(t), 'a.backup'), '--db', link),
        /link\.db/,
      );
    } finally {
      chmodSync(folder, 0o755);
    }
  });

  it('whose models have no place is not put back at all, and can be once they have', async (t) => {
    const folder = aFolder(t);
    const service = await aService(t);
    const file = join(folder, 'a.backup');
    const files = ['a.json', 'b.json'].map((name) => ({ name, content: Buffer.from('{}') }));
    await backUp(join(service.folder, 'lefton.db'), file, backupAbout(START, 'lefton test', true), files);
    const models = join(folder, 'models');
    writeFileSync(models, 'a file in the place of the folder');
    const places = [file, '--db', join(folder, 'new.db'), '--model', models];
    assert.match(await complaint(t, restoreCommand(), ...places), /models: expected a place for the models/);
    assert.deepEqual(readdirSync(folder).sort(), ['a.backup', 'models']);
    rmSync(models);
    await run(t, restoreCommand(), ...places);
    assert.deepEqual(readdirSync(models), ['a.json', 'b.json']);
  });
});
