import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { aFolder, aModelFile, TABLE_JSON } from '../a-service.test-data.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'lefton.js');

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const fleet = (...args: readonly string[]): Promise<Result> =>
  new Promise((resolve) => {
    execFile(process.execPath, [MAIN, 'fleet', ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });

test('a store is filled from a folder, a list and for cohorts, and what is no model is told and left out', async (t) => {
  const folder = aFolder(t);
  const store = join(folder, 'fleet.db');
  const models = join(folder, 'models');
  mkdirSync(models);
  aModelFile(models, { ...TABLE_JSON, meter: 'a' }, 'a.json');
  writeFileSync(join(models, 'b.json'), '{"format":');
  const put = await fleet('import', models, '--store', store);
  assert.equal(put.code, 1);
  assert.match(put.stdout, /Refused: .*b\.json/);
  assert.match(put.stdout, /1 model put into .* as generation 1, 1 refused/);
  const list = join(folder, 'more.jsonl');
  writeFileSync(list, ['c', 'd'].map((meter) => JSON.stringify({ ...TABLE_JSON, meter })).join('\n'));
  assert.equal((await fleet('import', list, '--store', store)).code, 0);
  const anybody = aModelFile(folder);
  assert.match((await fleet('import', anybody, '--store', store)).stdout, /say whom it stands for/);
  assert.equal((await fleet('import', anybody, '--cohort', 'flats', '--store', store)).code, 0);
  const half = await fleet('import', anybody, '--generation', '1.5', '--cohort', 'flats', '--store', store);
  assert.equal(half.code, 2);
  assert.match(half.stderr, /a whole number/);
  const members = join(folder, 'members.csv');
  writeFileSync(members, 'meter,cohort\nx,flats\n');
  assert.match((await fleet('assign', members, '--store', store)).stdout, /1 meter has a cohort/);
  const shown = await fleet('show', '--store', store);
  assert.equal(
    shown.stdout,
    'Generation 1: 3 models of meters, 1 of cohorts.\nIn use: generation 1.\n',
    shown.stderr,
  );
});

test('a generation is tried, promoted and rolled back', async (t) => {
  const folder = aFolder(t);
  const store = join(folder, 'fleet.db');
  const model = aModelFile(folder, { ...TABLE_JSON, meter: 'a' });
  for (const generation of ['1', '2'])
    assert.equal((await fleet('import', model, '--generation', generation, '--store', store)).code, 0);
  const unknown = await fleet('try', '--generation', '3', '--store', store);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /expected one with models, newer than 1, found 3/);
  const tried = await fleet('try', '--generation', '2', '--per-mille', '50', '--store', store);
  assert.match(tried.stdout, /In use: generation 1, and 2 in 50 of 1000 meters and those named/);
  assert.match((await fleet('promote', '--store', store)).stdout, /In use: generation 2\./);
  const back = await fleet('rollback', '--store', store);
  assert.match(back.stdout, /^Generation 1: 1 model of meters, 0 of cohorts\.\nIn use: generation 1\.\n$/);
  assert.match((await fleet('rollback', '--store', store)).stderr, /neither trial nor promotion/);
});

test('a store that another program writes to is said to be busy, in one line', async (t) => {
  const store = join(aFolder(t), 'fleet.db');
  const model = aModelFile(aFolder(t), { ...TABLE_JSON, meter: 'a' });
  assert.equal((await fleet('import', model, '--store', store)).code, 0);
  const other = new DatabaseSync(store);
  other.exec('BEGIN IMMEDIATE');
  const { code, stderr } = await fleet('import', model, '--store', store);
  other.close();
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^lefton fleet import: .*fleet\.db: expected the database to be writable, found .*locked\n$/,
  );
});

test('two generations are compared by the metrics of the processes', async (t) => {
  const server = createServer((_request, response) => {
    response.end(
      [1, 2]
        .map(
          (n) =>
            `lefton_generation_alarms_total{generation="${n}"} ${n * 50}\n` +
            `lefton_generation_watched_meter_seconds_total{generation="${n}"} 25920000\n`,
        )
        .join('') +
        'lefton_rollout_generation{role="stable"} 1\nlefton_rollout_generation{role="candidate"} 2\n',
    );
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/metrics`;
  const { stdout } = await fleet('compare', '--metrics', url, url);
  assert.match(stdout, /Generation 1: 100 alarms in 20\.0 meter-months, 5\.00 in each\./);
  assert.match(stdout, /Generation 2 alarms more often than 1\./);
  const asked = await fleet('compare', '--metrics', url, '--stable', '2', '--candidate', '1', '--json');
  assert.match(asked.stdout, /"stable":2,"candidate":1,"verdict":"Generation 1 alarms less often than 2\."/);
  const nobody = await fleet('compare', '--metrics', 'http://127.0.0.1:1/metrics');
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /expected the metrics of a running service/);
});
