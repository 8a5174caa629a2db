import assert from 'node:assert/strict';
import { HOUR, MINUTE } from '@lefton/core';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { aFolder, aService, START, TABLE_JSON, until } from '../a-service.test-data.ts';
import type { RunningService } from '../a-service.test-data.ts';
import type { HistoryJob } from './history-job.ts';

const HOUSE = new URL('../../../data/sample-house/readings.csv.gz', import.meta.url).pathname;
const FORMATS = new URL('../../../../shared/data/formats/', import.meta.url).pathname;
const PATIENCE_MS = 120_000;

interface Answer {
  readonly status: number;
  readonly job: HistoryJob | null;
  readonly detail?: string;
}

async function post(url: string, path: string, body: unknown): Promise<Answer> {
  const isBytes = body instanceof Uint8Array;
  const response = await fetch(`${url}/api/history${path}`, {
    method: 'POST',
    headers: { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' },
    body: isBytes ? new Uint8Array(body) : JSON.stringify(body),
  });
  return { ...((await response.json()) as Omit<Answer, 'status'>), status: response.status };
}

async function job(url: string): Promise<HistoryJob> {
  const { job: found } = (await (await fetch(`${url}/api/history`)).json()) as Answer;
  assert.ok(found !== null);
  return found;
}

/** Waits, for longer than `until` does, as processes beside start late on a busy machine. */
async function comes(url: string, holds: (job: HistoryJob) => boolean): Promise<HistoryJob> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await job(url);
    if (holds(found)) return found;
    assert.ok(performance.now() < deadline, `still ${found.state}`);
    await setTimeout(20);
  }
}

/** Waits for the job to come to a state; what it has come to instead is told. */
const reaches = (url: string, state: HistoryJob['state']): Promise<HistoryJob> =>
  comes(url, (found) => {
    const isOver = ['failed', 'cancelled', 'done'].includes(found.state) && found.state !== state;
    assert.ok(!isOver, `${found.state}: ${String(found.problem)}`);
    return found.state === state;
  });

async function send(url: string, name: string, bytes: Uint8Array, choices: object = {}): Promise<void> {
  const started = await post(url, '', { name, size: bytes.length, choices });
  assert.equal(started.status, 200, started.detail);
  assert.equal((await post(url, '/bytes?at=0', bytes)).status, 200);
}

const left = (service: RunningService): string[] =>
  readdirSync(service.folder).filter((name) => name.includes('incoming'));

/** A service whose models are a folder with a table for the meter `home`. */
function aHome(t: TestContext, flags: Record<string, unknown> = {}): Promise<RunningService> {
  const folder = join(aFolder(t), 'models');
  mkdirSync(folder);
  writeFileSync(join(folder, 'home.json'), JSON.stringify({ ...TABLE_JSON, meter: 'home' }));
  return aService(t, { model: folder, ...flags });
}

const rows = (count: number, from = START, watts = 150): string =>
  Array.from(
    { length: count },
    (_, i) => `${new Date(from + i * 60_000).toISOString()},${watts + (i % 7)}\n`,
  ).join('');

describe('an export taken in', () => {
  it('is read, stored as the past of a meter, fitted, put in use, and tells nobody anything', async (t) => {
    const service = await aHome(t);
    const { url } = service;
    await send(url, 'sample-house.csv.gz', readFileSync(HOUSE), { meter: 'cabin' });
    const asked = await reaches(url, 'asking');
    assert.equal(asked.question, 'zone');
    assert.equal((await post(url, '/choices', { zone: 'Europe/Amsterdam' })).status, 200);
    const read = await reaches(url, 'read');
    assert.equal(read.report?.format, 'canonical');
    assert.ok(existsSync(join(service.folder, 'lefton.db.incoming')));
    await post(url, '/choices', { take: true });
    const done = await reaches(url, 'done');
    assert.equal(done.used, true);
    assert.equal(done.stored?.added, read.report.readings);
    assert.equal(done.model?.mode, 'ready');
    assert.ok((done.model.alerts_per_30_days ?? NaN) >= 0);
    assert.equal(service.models.of('cabin')?.compiled.zone.name, 'Europe/Amsterdam');
    assert.equal(service.models.of('home')?.compiled.kind, 'min-max');
    const query = `meter=cabin&from=2026-01-10T00:00:00Z&to=2026-01-11T00:00:00Z&points=2000`;
    const day = (await (await fetch(`${url}/api/readings?${query}`)).json()) as { readings: unknown[] };
    assert.ok(day.readings.length > 1400);
    assert.equal(service.metrics.readings.get({ verdict: 'ok' }), 0);
    assert.deepEqual(service.metrics.events.by('type'), {});
    const state = (await (await fetch(`${url}/api/state`)).json()) as { meters: { meter: string }[] };
    assert.ok(state.meters.some(({ meter }) => meter === 'cabin'));
    await until('its files are gone', () => left(service).length === 0);

    // the same once more: nothing is new, and the model in use stays unless somebody says so
    await send(url, 'again.csv.gz', readFileSync(HOUSE), { meter: 'cabin', take: true });
    const choosing = await reaches(url, 'choosing');
    assert.deepEqual([choosing.stored?.added, choosing.stored?.known], [0, read.report.readings]);
    assert.ok((choosing.record?.why ?? '').length > 0);
    const before = readFileSync(done.model.file, 'utf8');
    await post(url, '/choices', { use: false });
    assert.equal((await reaches(url, 'done')).used, false);
    assert.equal(readFileSync(done.model.file, 'utf8'), before);
  });

  it('is taken out again: what it brought is gone, what was heard stays, and the model is the one of before', async (t) => {
    const service = await aHome(t);
    const { url } = service;
    const at = '/api/readings?from=2026-01-05T00:00:00Z&to=2026-01-05T03:00:00Z';
    const watts = async (): Promise<number[]> => {
      const { readings } = (await (await fetch(url + at)).json()) as { readings: { watts: number }[] };
      return readings.map((reading) => reading.watts);
    };
    const last = async (): Promise<unknown> =>
      ((await (await fetch(`${url}/api/history`)).json()) as { last: unknown }).last;
    assert.equal(await last(), null);
    assert.equal((await post(url, '/undo', {})).job, null);
    await fetch(`${url}/api/readings`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: `at,watts\n${rows(60, START + 30 * 60_000, 500)}`,
    });
    await until('they are kept', () => service.metrics.readings.get({ verdict: 'ok' }) === 60);
    const heard = await watts();
    const before = readFileSync(service.models.of('home')?.file ?? '', 'utf8');
    await send(url, 'wrong.csv', Buffer.from(`at,watts\n${rows(120)}`), { take: true, use: true });
    await reaches(url, 'done');
    assert.equal((await watts()).length, 120);
    assert.equal(service.models.of('home')?.compiled.kind, 'left-on');
    assert.deepEqual(await last(), { name: 'wrong.csv', meter: 'home', readings: 60 });
    assert.equal((await post(url, '/undo', {})).status, 200);
    const out = await reaches(url, 'taken_out');
    assert.deepEqual(out.taken_out, { readings: 60, model: 'before' });
    assert.deepEqual(await watts(), heard);
    assert.equal(readFileSync(service.models.of('home')?.file ?? '', 'utf8'), before);
    await until('the table is in use', () => service.models.of('home')?.compiled.kind === 'min-max');
    assert.equal(await last(), null);
    // thinned, it is the same as if it had never been there
    const thinned = (await (await fetch(`${url}${at}&points=12`)).json()) as {
      readings: { watts: number }[];
    };
    assert.ok(thinned.readings.length > 0 && thinned.readings.every((reading) => reading.watts >= 500));

    // another meter, which was not there before
    await send(url, 'shed.csv', Buffer.from(`at,watts\n${rows(50)}`), {
      meter: 'shed',
      zone: 'UTC',
      take: true,
    });
    const { model } = await reaches(url, 'done');
    await until('it is one of the meters', () => service.models.of('shed') !== undefined);
    await post(url, '/undo', {});
    assert.deepEqual((await reaches(url, 'taken_out')).taken_out, { readings: 50, model: 'gone' });
    assert.equal(existsSync(model?.file ?? ''), false);
    await until('nobody knows it', () => service.models.of('shed') === undefined);
  });

  it('leaves a model alone that somebody has fitted since', async (t) => {
    const service = await aHome(t);
    const { url } = service;
    await send(url, 'shed.csv', Buffer.from(`at,watts\n${rows(50)}`), {
      meter: 'shed',
      zone: 'UTC',
      take: true,
    });
    const { model } = await reaches(url, 'done');
    const file = model?.file ?? '';
    writeFileSync(file, readFileSync(file, 'utf8').replace('"shed.csv"', '"another"'));
    await post(url, '/undo', {});
    assert.deepEqual((await reaches(url, 'taken_out')).taken_out, { readings: 50, model: 'kept' });
    assert.match(readFileSync(file, 'utf8'), /another/);
  });

  it('keeps what was heard here, and fills what was not', async (t) => {
    const service = await aHome(t);
    const { url } = service;
    const live = `at,watts\n${rows(60, START + 30 * 60_000, 500)}`;
    await fetch(`${url}/api/readings`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: live,
    });
    await until('they are kept', () => service.metrics.readings.get({ verdict: 'ok' }) === 60);
    await send(url, 'minutes.csv', Buffer.from(`at,watts\n${rows(120)}`), { take: true });
    const { stored, model, in_use } = await reaches(url, 'choosing');
    assert.deepEqual(stored, { added: 60, known: 60, too_old: 0, unusable: 0 });
    assert.equal(model?.mode, 'learning');
    assert.equal(in_use?.kind, 'min-max');
    const query = `from=2026-01-05T00:00:00Z&to=2026-01-05T02:00:00Z`;
    const kept = (await (await fetch(`${url}/api/readings?${query}`)).json()) as {
      readings: { watts: number }[];
    };
    assert.equal(kept.readings.length, 120);
    assert.equal(kept.readings.filter(({ watts }) => watts >= 500).length, 60);
    assert.equal((await post(url, '/cancel', {})).job?.state, 'cancelled');
    await until('its files are gone', () => left(service).length === 0);
  });

  it('ends when its meter is forgotten, and nothing of it comes back', async (t) => {
    const service = await aHome(t);
    const { url } = service;
    const forget = async (): Promise<number> =>
      (await fetch(`${url}/api/meters/cabin`, { method: 'DELETE' })).status;
    const choices = { meter: 'cabin', zone: 'Europe/Amsterdam', take: true };
    await send(url, 'sample-house.csv.gz', readFileSync(HOUSE), choices);
    await comes(url, ({ state, share }) => state === 'storing' && (share ?? 0) > 0);
    assert.equal(await forget(), 200);
    assert.equal((await job(url)).state, 'cancelled');
    await until('its files are gone', () => left(service).length === 0);
    // whatever was on its way has arrived, or never will
    assert.equal(await forget(), 404);

    await send(url, 'sample-house.csv.gz', readFileSync(HOUSE), choices);
    await reaches(url, 'fitting');
    assert.equal(await forget(), 200);
    assert.equal((await job(url)).state, 'cancelled');
    assert.equal(await forget(), 404);
    assert.equal(service.models.of('cabin'), undefined);
    const { readings } = (await (await fetch(`${url}/api/readings?meter=home`)).json()) as {
      readings: unknown[];
    };
    assert.deepEqual(readings, []);
  });

  it('gives a model that is taken up also where a replay has ended', async (t) => {
    const played = join(aFolder(t), 'played.csv');
    writeFileSync(played, `at,watts\n${rows(30)}`);
    const service = await aHome(t, { replay: played, speed: 'max' });
    await until('the replay has ended', () =>
      service.logged.some((line) => line.includes('a source has ended')),
    );
    const choices = { meter: 'cabin', zone: 'UTC', take: true };
    await send(service.url, 'minutes.csv', Buffer.from(`at,watts\n${rows(120)}`), choices);
    assert.equal((await reaches(service.url, 'done')).used, true);
    assert.ok(service.models.of('cabin') !== undefined);
  });

  it('goes on while another meter is forgotten', async (t) => {
    const { url } = await aHome(t);
    await send(url, 'minutes.csv', Buffer.from(`at,watts\n${rows(120)}`));
    await reaches(url, 'read');
    assert.equal((await fetch(`${url}/api/meters/barn`, { method: 'DELETE' })).status, 404);
    await post(url, '/choices', { take: true });
    assert.equal((await reaches(url, 'choosing')).stored?.added, 120);
  });

  it('leaves out what is later than now, and what is too old to be kept', async (t) => {
    const { url } = await aHome(t);
    const [ancient, future] = [Date.UTC(2020, 0, 1), Date.UTC(2199, 0, 1)];
    const tonight = Math.ceil(Date.now() / MINUTE) * MINUTE + 12 * HOUR;
    const csv = `at,watts\n${rows(10, ancient)}${rows(10)}${rows(10, tonight)}${rows(10, future)}`;
    await send(url, 'odd.csv', Buffer.from(csv), { take: true });
    const { stored, report } = await reaches(url, 'choosing');
    assert.deepEqual(stored, { added: 10, known: 0, too_old: 10, unusable: 10 });
    // another century is no reading at all
    assert.equal(report?.rejected_count, 10);
  });

  it('keeps what is older of a meter that has more days than others', async (t) => {
    const { url } = await aHome(t, { keepDays: { home: 10_000 } });
    await send(url, 'old.csv', Buffer.from(`at,watts\n${rows(10, Date.UTC(2020, 0, 1))}${rows(10)}`), {
      take: true,
    });
    const { stored } = await reaches(url, 'choosing');
    assert.deepEqual(stored, { added: 20, known: 0, too_old: 0, unusable: 0 });
  });

  it('does not keep what is older than the days of its own that a meter has', async (t) => {
    const { url } = await aHome(t, { keepDays: { home: 30 } });
    await send(url, 'old.csv', Buffer.from(`at,watts\n${rows(10, Date.UTC(2020, 0, 1))}`), { take: true });
    const { stored } = await comes(url, (told) => told.stored !== null);
    assert.deepEqual(stored, { added: 0, known: 0, too_old: 10, unusable: 0 });
  });

  it('tells each rejected line, and asks what a file leaves open', async (t) => {
    const { url } = await aHome(t);
    const broken =
      'at,watts\n2026-01-05T08:00:00Z,150\nyesterday,1\n2026-01-05T08:01:00Z,many\n2026-01-05T08:02:00Z,151\n';
    await send(url, 'broken.csv', Buffer.from(broken));
    const { report } = await reaches(url, 'read');
    assert.deepEqual(
      report?.rejected.map(({ line }) => line),
      [3, 4],
    );
    await post(url, '/cancel', {});
    const local = 'at,watts,meter\n2026-01-05 08:00,150,hall\n2026-01-05 08:01,150,attic\n';
    await send(url, 'local.csv', Buffer.from(local), { meter: 'cabin' });
    const { question, problem } = await reaches(url, 'asking');
    assert.ok(question === 'zone' || question === 'file_meter', String(question));
    assert.match(problem ?? '', /zone|meter/);
    await post(url, '/choices', { zone: 'Europe/Paris', file_meter: 'attic' });
    assert.equal((await reaches(url, 'read')).report?.readings, 1);
  });

  it('asks again with the names of the file where one was chosen that is not there', async (t) => {
    const { url } = await aHome(t);
    const two = 'at,watts,meter\n2026-01-05T08:00:00Z,150,hall\n2026-01-05T08:01:00Z,150,attic\n';
    await send(url, 'two.csv', Buffer.from(two), { zone: 'Europe/Paris', file_meter: '--meter' });
    const { question, asked_of: names } = await reaches(url, 'asking');
    assert.deepEqual([question, names], ['file_meter', ['hall', 'attic']]);
    await post(url, '/choices', { file_meter: 'attic' });
    assert.deepEqual((await reaches(url, 'read')).asked_of, []);
  });

  it('comes in parts, which may be sent again, and goes on where it was cut', async (t) => {
    const { url } = await aHome(t);
    const bytes = Buffer.from(`at,watts\n${rows(100)}`);
    assert.equal((await post(url, '', { name: 'parts.csv', size: bytes.length })).status, 200);
    assert.equal((await post(url, '/bytes?at=0', bytes.subarray(0, 1000))).job?.received, 1000);
    assert.equal((await post(url, '/bytes?at=2000', bytes.subarray(2000))).status, 409);
    assert.equal((await post(url, '/bytes?at=500', bytes.subarray(500, 1500))).job?.received, 1500);
    assert.equal((await post(url, '', { name: 'other.csv', size: 1 })).status, 409);
    const tooMuch = Buffer.concat([bytes.subarray(1500), Buffer.from('x')]);
    const refused = await post(url, '/bytes?at=1500', tooMuch);
    assert.equal(refused.status, 400, refused.detail);
    // a part that breaks off in the middle
    await new Promise<void>((resolve) => {
      const headers = { 'content-type': 'application/octet-stream', 'content-length': '500' };
      const cut = httpRequest(`${url}/api/history/bytes?at=1500`, { method: 'POST', headers });
      cut.on('error', () => {
        resolve();
      });
      cut.write(bytes.subarray(1500, 1600));
      setImmediate(() => cut.destroy());
    });
    const { received } = await job(url);
    // the rest, however much of the broken part has come
    await until('the rest is taken', async () => {
      const at = (await job(url)).received;
      return (await post(url, `/bytes?at=${at}`, bytes.subarray(at))).status === 200;
    });
    assert.ok(received >= 1500);
    assert.equal((await reaches(url, 'read')).report?.readings, 100);
  });
});

describe('files that are no export', () => {
  const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const ZIP_END = Buffer.concat([Buffer.from('PK\u0005\u0006'), Buffer.alloc(18)]);
  const FILES: readonly (readonly [string, Uint8Array])[] = [
    ['nonsense', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))],
    ['zeros.csv.gz', BOMB],
    ['empty.zip', ZIP_END],
    ['cut.csv.gz', gzipSync(Buffer.from(`at,watts\n${rows(5000)}`)).subarray(0, 4000)],
    ['../../../etc/passwd', Buffer.from('root:x:0:0\n')],
    ['page.html', Buffer.from('<!doctype html><title>no</title>')],
    ['heading.csv', Buffer.from('at,watts\n')],
    ['words.csv', Buffer.from('at,watts\nnever,nothing\n')],
  ];
  it('give one clear message each, stop nothing and leave nothing behind', async (t) => {
    const service = await aHome(t);
    const { url } = service;
    for (const [name, bytes] of FILES) {
      assert.equal((await post(url, '', { name, size: bytes.length })).status, 200);
      await post(url, '/bytes', bytes);
      const { problem } = await comes(url, ({ state }) => state === 'failed' || state === 'asking');
      assert.match(problem ?? '', /expected|found|zone/, `${name}: ${String(problem)}`);
      assert.doesNotMatch(problem ?? '', /\n| at .*:\d+:\d+/);
      await post(url, '/cancel', {});
      await until('its files are gone', () => left(service).length === 0);
    }
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
  });

  it('are refused before they are sent where they are too large, and where nothing is on its way', async (t) => {
    const { url } = await aHome(t);
    assert.equal((await post(url, '', { name: 'huge.csv', size: 10 ** 12 })).status, 413);
    assert.equal((await post(url, '/bytes', Buffer.from('x'))).status, 409);
    assert.equal((await post(url, '/choices', { take: true })).status, 409);
    assert.equal((await post(url, '/cancel', {})).status, 200);
  });

  it('are not taken where no readings are kept, and not for a meter that is replayed', async (t) => {
    const { url } = await aService(t, { keep_readings: false });
    const { status, detail } = await post(url, '', { name: 'x.csv', size: 1 });
    assert.equal(status, 409);
    assert.match(detail ?? '', /LEFTON_KEEP_READINGS=on/);
    const replay = await aService(t, { replay: HOUSE, from: '2026-03-24T00:00:00Z', speed: 1 });
    assert.equal(
      (await post(replay.url, '', { name: 'x.csv', size: 1, choices: { meter: 'home' } })).status,
      409,
    );
    assert.equal((await post(replay.url, '', { name: 'x.csv', size: 1 })).job?.choices.meter, 'my-home');
  });
});

describe(
  'exports of real homes',
  { skip: existsSync(FORMATS) ? false : `there are none in ${FORMATS}` },
  () => {
    it('are all read, or ask for what they leave open', async (t) => {
      const { url } = await aHome(t);
      for (const name of readdirSync(FORMATS)) {
        const file = join(FORMATS, name);
        const bytes: Buffer[] = [];
        for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) bytes.push(chunk);
        const size = statSync(file).size;
        assert.equal(
          (await post(url, '', { name, size, choices: { zone: 'Europe/Amsterdam' } })).status,
          200,
        );
        await post(url, '/bytes', Buffer.concat(bytes));
        const { report, question } = await comes(url, ({ state, problem }) => {
          assert.notEqual(state, 'failed', `${name}: ${String(problem)}`);
          return state === 'read' || state === 'asking';
        });
        assert.ok(question !== null || (report?.readings ?? 0) > 0, name);
        t.diagnostic(`${name}: ${question ?? `${report?.format ?? ''}, ${report?.readings ?? 0} readings`}`);
        await post(url, '/cancel', {});
      }
    });
  },
);
