import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { DAY, defaultPolicy } from '@lefton/core';
import {
  aFolder,
  aLog,
  aModelFile,
  aService,
  minutesCsv,
  SetClock,
  START,
  TABLE_JSON,
  until,
} from '../a-service.test-data.ts';
import type { RunningService } from '../a-service.test-data.ts';
import { Bell } from '../runtime/bell.ts';
import { readSettings } from '../settings/read.ts';
import { ReadingCodec } from '../avro/reading-codec.ts';
import { createApp } from './http.ts';
import { listen, urlOf } from './listen.ts';
import { Jobs } from '../runtime/jobs.ts';
import { Meters } from '../meters/meters.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { ModelFiles } from '../models/model-files.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { Database } from '../sqlite/database.ts';
import { SqliteStore } from '../store/store.ts';
import { defaultLogLimits } from '../topics/log-limits.ts';
import { SqliteTopics } from '../topics/sqlite.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

async function ask(url: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${url}${path}`, init);
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const body = type.includes('json') ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, type, body, text };
}

const post = (url: string, path: string, body: unknown): Promise<Answer> =>
  ask(url, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const postCsv = (url: string, body: string): Promise<Answer> =>
  ask(url, '/api/readings', { method: 'POST', headers: { 'content-type': 'text/csv' }, body });

/** A service that has read a day in which something was left on from 2:00 to 3:20. */
async function aWatchedDay(t: TestContext, flags: Record<string, unknown> = {}): Promise<RunningService> {
  const service = await aService(t, flags);
  const answer = await postCsv(
    service.url,
    minutesCsv(480, (minute) => minute >= 120 && minute < 200),
  );
  assert.equal(answer.body.accepted, 480);
  await until('the day is scored', () => service.metrics.events.get({ type: 'closed' }) === 1);
  return service;
}

/** The edge alone: what it takes is scored when the test says so. */
async function anEdge(t: TestContext, maxLag: number): Promise<{ url: string; startScoring: () => void }> {
  const folder = aFolder(t);
  const db = new Database(join(folder, 'lefton.db'));
  const stop = new AbortController();
  const clock = new SetClock(START + DAY);
  const { log } = aLog();
  const metrics = new Metrics();
  const store = new SqliteStore(db, clock, 400);
  const topics = new SqliteTopics(db, store, clock, log, { ...defaultLogLimits, maxLag });
  const models = new ModelFiles(aModelFile(folder), null, log, metrics, () => 0);
  const meters = new Meters(store, models, log, () => clock.now(), 1_000_000);
  const settings = { policy: defaultPolicy, tellFrom: -Infinity, keepReadings: true };
  const consumer = new Pipeline(meters, ReadingCodec.embedded(), clock, log, metrics, settings);
  const app = createApp({
    ...{
      clock,
      system: clock,
      database: db.file,
      log,
      metrics,
      store,
      topics,
      local: topics,
      codec: ReadingCodec.embedded(),
      models,
      meters,
      consumer,
      meter: 'home',
    },
    ...{
      deliveries: store.deliveries,
      forget: () => Promise.reject(new Error('nothing to forget here')),
      channels: [],
      troubleOf: () => undefined,
      needsModel: true,
      trouble: () => undefined,
      committed: new Bell(),
      ...{ names: {}, simulated: false, refit: 'off' as const, alertAt: 1, settings: [] },
    },
    jobs: new Jobs(readSettings('serve', { db: db.file, model: folder }, {}).settings, {
      ...{ policy: defaultPolicy, windows: [], keepReadings: true, store, models, clock, log },
    }),
    limits: defaultPolicy.limits,
    guard: { token: null, isLocal: true, hosts: [], ingress: [] },
    system: clock,
    stopping: stop.signal,
  });
  const server = await listen(app, '127.0.0.1', 0, { token: null, ingress: [] });
  let scoring = Promise.resolve();
  t.after(async () => {
    stop.abort();
    await scoring;
    server.closeAllConnections();
    server.close();
    db.close();
  });
  const startScoring = (): void => {
    scoring = topics.consume(consumer, stop.signal);
  };
  return { url: urlOf(server), startScoring };
}

/** fetch sets Host itself, so these need the plain client. */
function statusWith(
  url: string,
  headers: Record<string, string>,
  path = '/api/meters',
  method = 'GET',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}${path}`, { headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end();
  });
}

describe('readings by HTTP', () => {
  it('are taken as JSON, one or many, and as CSV', async (t) => {
    const { url, metrics } = await aService(t);
    const at = '2026-01-05T00:00:00Z';
    assert.deepEqual((await post(url, '/api/readings', { at, watts: 150 })).body, {
      accepted: 1,
      rejected_count: 0,
      rejected: [],
      not_scored_count: 0,
      not_scored: [],
    });
    await post(url, '/api/readings', [{ at, watts: 150, meter: 'barn', energy_wh: 12.5, source: 'test' }]);
    await postCsv(url, `at,watts\r\n${at.replace('00Z', '30Z')},150\r\n`);
    await until('three readings are scored', () => metrics.readings.get({ verdict: 'ok' }) === 3);
    const { body } = await ask(url, '/api/meters');
    assert.deepEqual(
      (body.meters as { meter: string }[]).map(({ meter }) => meter),
      ['home', 'barn'],
    );
  });

  it('that are bad are named by row, and the good ones are kept', async (t) => {
    const { url } = await aService(t);
    const rows = [{ at: '2026-01-05T00:00:00Z', watts: 150 }, { at: 'then', watts: 1 }, 7];
    const { status, body } = await post(url, '/api/readings', rows);
    assert.equal(status, 200);
    assert.equal(body.accepted, 1);
    assert.equal(body.rejected_count, 2);
    const [first, second] = body.rejected as { row: number; why: string }[];
    assert.deepEqual([first?.row, second?.row], [2, 3]);
    assert.match(first?.why ?? '', /at: expected an instant/);
    const none = await post(url, '/api/readings', [7]);
    assert.equal(none.status, 422);
    assert.equal(none.type, 'application/problem+json; charset=utf-8');
  });

  it('that cannot be scored are taken, and the answer says which and why', async (t) => {
    const { url, metrics } = await aService(t, { mainFuseW: '9000' });
    const at = '2026-01-05T00:00:00Z';
    const rows = [
      { at, watts: 150 },
      { at: '2026-01-05T00:01:00Z', watts: 9001 },
      { at: '2199-01-01T00:00:00Z', watts: 150 },
      7,
      { at: '2026-01-05T00:02:00Z', watts: -9001 },
    ];
    const { status, body } = await post(url, '/api/readings', rows);
    assert.deepEqual([status, body.accepted, body.rejected_count, body.not_scored_count], [200, 4, 1, 3]);
    const told = body.not_scored as { row: number; why: string }[];
    assert.deepEqual(
      told.map(({ row, why }) => [row, why.replace(/:.*/, '')]),
      [
        [2, 'out_of_bounds'],
        [3, 'future'],
        [5, 'out_of_bounds'],
      ],
    );
    assert.match(told[0]?.why ?? '', /at most 9000 \(main_fuse_w\), found 9001/);
    assert.match(told[1]?.why ?? '', /at most 5 min after 20.*, found 2199-01-01T00:00:00Z/);
    // what the answer says is what becomes of them
    await until('they are judged', () => metrics.readings.get({ verdict: 'ok' }) === 1);
    assert.deepEqual(
      ['out_of_bounds', 'future'].map((verdict) => metrics.readings.get({ verdict })),
      [2, 1],
    );
  });

  it('come back in order, thinned to what was asked for', async (t) => {
    const { url } = await aWatchedDay(t);
    const range = 'from=2026-01-05T00:00:00Z&to=2026-01-05T08:00:00Z';
    const all = (await ask(url, `/api/readings?${range}`)).body.readings as { at: string; watts: number }[];
    assert.equal(all.length, 480);
    assert.deepEqual(all[120], { at: '2026-01-05T02:00:00Z', watts: 3000 });
    const few = (await ask(url, `/api/readings?${range}&points=50`)).body.readings as { watts: number }[];
    assert.ok(few.length <= 50 && few.some(({ watts }) => watts === 3000));
  });

  it('are refused with 503 while scoring is too far behind', async (t) => {
    const { url, startScoring } = await anEdge(t, 100);
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await postCsv(url, minutesCsv(60))).status);
    assert.deepEqual(statuses, [200, 200, 503]);
    assert.equal((await ask(url, '/readyz')).body.lag_readings, 120);
    startScoring();
    await until('there is room again', async () => (await postCsv(url, minutesCsv(60))).status === 200);
  });

  it('are not taken by the megabyte, by the ten thousand rows, or as anything else', async (t) => {
    const { url } = await aService(t);
    const big = await post(url, '/api/readings', 'x'.repeat(2_000_000));
    assert.equal(big.status, 413);
    assert.equal((await post(url, '/api/readings', Array(20_000).fill(0))).status, 413);
    const plain = await ask(url, '/api/readings', { method: 'POST', body: 'hello' });
    assert.equal(plain.status, 415);
    assert.equal((await post(url, '/api/readings', [])).status, 400);
    for (const { type } of [big, plain]) assert.match(type, /problem\+json/);
  });
});

describe('what the service knows, by HTTP', () => {
  it('is the episodes, and what people say of them', async (t) => {
    const { url } = await aWatchedDay(t);
    const [episode] = (await ask(url, '/api/episodes')).body.episodes as Record<string, unknown>[];
    assert.equal(episode?.since, '2026-01-05T02:00:00Z');
    assert.equal(episode.until, '2026-01-05T03:19:00Z');
    assert.equal(episode.label, null);
    const path = `/api/episodes/${encodeURIComponent(String(episode.episode))}/feedback`;
    assert.equal((await post(url, path, { label: 'fine' })).status, 200);
    const [labelled] = (await ask(url, '/api/episodes?meter=home')).body.episodes as Record<
      string,
      unknown
    >[];
    assert.equal(labelled?.label, 'fine');
    assert.equal((await post(url, path, { label: 'great' })).status, 400);
    assert.equal((await post(url, '/api/episodes/other/feedback', { label: 'fine' })).status, 404);
  });

  it('is the score now, and of any power at an hour or an instant', async (t) => {
    const { url } = await aWatchedDay(t);
    const now = (await ask(url, '/api/score')).body;
    assert.equal(now.at, '2026-01-05T07:59:00Z');
    assert.equal(now.known, true);
    assert.equal(now.usual_watts, 550);
    assert.deepEqual((await post(url, '/api/score', { hour: 12, watts: 1000 })).body, {
      known: true,
      score: 1,
    });
    const at = '2026-01-05T03:00:00Z';
    assert.deepEqual((await post(url, '/api/score', { at, watts: 100 })).body, { known: true, score: 0 });
    assert.equal((await ask(url, '/api/score?meter=barn')).body.known, false);
    for (const wrong of [
      { hour: 24, watts: 1 },
      { watts: 1 },
      { hour: 1, at, watts: 1 },
      { hour: 1, watts: '1' },
      5,
    ]) {
      assert.equal((await post(url, '/api/score', wrong)).status, 400, JSON.stringify(wrong));
    }
  });

  it('is the model and its expected range', async (t) => {
    const { url } = await aService(t);
    const { model } = (await ask(url, '/api/model')).body as { model: { kind: string } };
    assert.equal(model.kind, 'min-max');
    const range = 'from=2026-01-05T05:00:00Z&to=2026-01-05T07:00:00Z';
    assert.deepEqual((await ask(url, `/api/expected?${range}`)).body.expected, [
      {
        at: '2026-01-05T05:00:00Z',
        until: '2026-01-05T06:00:00Z',
        known: true,
        low: 100,
        usual: 150,
        high: 200,
      },
      {
        at: '2026-01-05T06:00:00Z',
        until: '2026-01-05T07:00:00Z',
        known: true,
        low: 100,
        usual: 550,
        high: 1000,
      },
    ]);
  });

  it('has a range for each hour of the local clock, also half an hour from UTC', async (t) => {
    const model = aModelFile(aFolder(t), { ...TABLE_JSON, zone: 'Asia/Kolkata' });
    const { url } = await aService(t, { model });
    // from 6:00 there, half past midnight by UTC, more is usual
    const range = 'from=2026-01-05T00:00:00Z&to=2026-01-05T01:00:00Z';
    assert.deepEqual((await ask(url, `/api/expected?${range}`)).body.expected, [
      {
        at: '2026-01-04T23:30:00Z',
        until: '2026-01-05T00:30:00Z',
        known: true,
        low: 100,
        usual: 150,
        high: 200,
      },
      {
        at: '2026-01-05T00:30:00Z',
        until: '2026-01-05T01:30:00Z',
        known: true,
        low: 100,
        usual: 550,
        high: 1000,
      },
    ]);
  });

  it('is ready with a model, says which was refused, and counts for Prometheus', async (t) => {
    const { url, folder, models } = await aWatchedDay(t);
    writeFileSync(join(folder, 'model.json'), '{}');
    await until('the bad model is refused', () => models.refusals.length > 0);
    const { status, body } = await ask(url, '/readyz');
    assert.equal(status, 200);
    assert.match((body.refused as { why: string }[])[0]?.why ?? '', /format/);
    const { text } = await ask(url, '/metrics');
    for (const line of [
      'lefton_readings_total{verdict="ok"} 480',
      'lefton_events_total{type="opened"} 1',
      'lefton_model_refusals_total 1',
      'lefton_ready 1',
      'lefton_scoring_latency_seconds_count 480',
      'lefton_lag_readings 0',
      'lefton_meters 1',
    ]) {
      assert.ok(text.includes(`${line}\n`), `${line} in ${text}`);
    }
    assert.match(text, /process_resident_memory_bytes \d+/);
  });

  it('is not ready without a model', async (t) => {
    const { url } = await aService(t, { model: aFolder(t) });
    assert.equal((await ask(url, '/readyz')).status, 503);
    assert.equal((await ask(url, '/healthz')).status, 200);
    assert.equal((await ask(url, '/api/model')).status, 404);
  });

  it('mutes until told', async (t) => {
    const service = await aService(t);
    assert.equal((await post(service.url, '/api/mute', { until: 'later' })).status, 400);
    assert.equal((await post(service.url, '/api/mute', { until: '2999-01-01T00:00:00Z' })).status, 200);
    await postCsv(
      service.url,
      minutesCsv(10, () => true),
    );
    await until('the alert is settled', async () =>
      (await ask(service.url, '/metrics')).text.includes('state="dropped"} 1'),
    );
    assert.deepEqual(
      service.printed.filter((text) => text.includes('Unusual')),
      [],
    );
    assert.deepEqual((await post(service.url, '/api/mute', { until: null })).body, { until: null });
  });

  it('says who was told what, and how it is known, or why not', async (t) => {
    const service = await aWatchedDay(t);
    const alerts = async (): Promise<Record<string, unknown>[]> =>
      (await ask(service.url, '/api/alerts')).body.alerts as Record<string, unknown>[];
    await until('both are told', async () => (await alerts()).every(({ state }) => state === 'sent'));
    const all = await alerts();
    const [closed, opened] = [all[0], all.at(-1)];
    assert.deepEqual([closed?.event, opened?.event], ['closed', 'opened']);
    const { channel, meter, state, note, attempts } = opened ?? {};
    assert.deepEqual([channel, meter, state, note, attempts], ['console', 'home', 'sent', 'printed', 1]);
    assert.deepEqual((await ask(service.url, '/api/channels')).body, {
      channels: [
        { channel: 'console', closed_until: null, why: null, trouble: null, counts: { sent: all.length } },
      ],
    });
  });

  it('says it of one meter, or of some episodes', async (t) => {
    const { url } = await aWatchedDay(t);
    const of = async (query: string): Promise<unknown[]> =>
      (await ask(url, `/api/alerts?${query}`)).body.alerts as unknown[];
    const all = await of('');
    const [{ episode = '' } = {}] = all as { episode?: string }[];
    assert.deepEqual((await of('meter=home')).length, all.length);
    assert.deepEqual(await of('meter=barn'), []);
    const id = encodeURIComponent(episode);
    assert.equal((await of(`episode=${id}`)).length, all.length);
    assert.equal((await of(`episode=another&episode=${id}&meter=home`)).length, all.length);
    assert.deepEqual(await of('episode=another'), []);
    const many = Array.from({ length: 51 }, (_, i) => `episode=${i}`).join('&');
    assert.equal((await ask(url, `/api/alerts?${many}`)).status, 400);
  });
});

describe('events by HTTP', () => {
  /** Reads an event stream until it holds `count` events, then hangs up. */
  async function hear(url: string, count: number, headers: Record<string, string> = {}): Promise<string[]> {
    const hangUp = new AbortController();
    const response = await fetch(`${url}/api/events`, { headers, signal: hangUp.signal });
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.split('\ndata: ').length > count) break;
    }
    hangUp.abort();
    return text.split('\n\n').filter((frame) => frame.includes('data: '));
  }

  it('come as they happen', async (t) => {
    const service = await aService(t);
    const listening = hear(service.url, 1);
    const feeding = postCsv(
      service.url,
      minutesCsv(10, () => true),
    );
    const [frame] = await listening;
    await feeding;
    assert.match(frame ?? '', /^id: 1\nevent: anomaly\ndata: \{"v":1,"type":"opened"/);
  });

  it('go on after the last one that a client has seen', async (t) => {
    const { url } = await aWatchedDay(t);
    const all = await hear(url, 3, { 'last-event-id': '0' });
    assert.equal(all.length, 3);
    const rest = await hear(url, 2, { 'last-event-id': '1' });
    assert.deepEqual(rest, all.slice(1));
    assert.equal((await ask(url, '/api/events?after=x')).status, 400);
  });

  it('are heard by more than two hundred at a time, and there is still room for questions', async (t) => {
    const { url } = await aService(t);
    const hangUp = new AbortController();
    const listen = (): Promise<Response> => fetch(`${url}/api/events`, { signal: hangUp.signal });
    const all = await Promise.all(Array.from({ length: 210 }, listen));
    assert.deepEqual([...new Set(all.map(({ status }) => status))], [200]);
    assert.equal((await ask(url, '/api/meters')).status, 200);
    hangUp.abort();
  });

  it('end when the service stops', async (t) => {
    const service = await aService(t);
    const response = await fetch(`${service.url}/api/events`);
    const body = response.text().catch(() => 'cut off');
    service.stop();
    await service.done;
    assert.match(await body, /retry|cut off/);
  });
});

describe('the edge', () => {
  it('answers every mistake as a problem document', async (t) => {
    const { url } = await aService(t);
    for (const [path, init, status] of [
      ['/nothing', {}, 404],
      ['/api/score', { method: 'DELETE' }, 405],
      ['/api/readings?points=many', {}, 400],
      ['/api/readings?nonsense=1', {}, 400],
      ['/api/readings?from=2026-01-05T00:00:00Z&to=2026-01-04T00:00:00Z', {}, 400],
      ['/api/%E0%A4%A', {}, 404],
      ['/api/episodes/%E0%A4%A/feedback', { method: 'POST' }, 400],
      [
        '/api/score',
        { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"hour":' },
        400,
      ],
    ] as const) {
      const answer = await ask(url, path, init);
      assert.equal(answer.status, status, path);
      assert.match(answer.type, /problem\+json/, path);
      assert.equal(answer.body.status, status);
    }
  });

  it('asks for the token when there is one, except for its health', async (t) => {
    const token = 'a-secret-of-some-length';
    const { url, logged } = await aService(t, { token });
    assert.equal((await ask(url, '/api/meters')).status, 401);
    assert.equal((await ask(url, '/api/meters', { headers: { authorization: 'Bearer wrong' } })).status, 401);
    assert.equal(
      (await ask(url, '/api/meters', { headers: { authorization: `Bearer ${token}` } })).status,
      200,
    );
    assert.equal((await ask(url, '/healthz')).status, 200);
    assert.ok(!logged.join('').includes(token));
  });

  it('does not listen beyond this machine without a token', async (t) => {
    await assert.rejects(aService(t, { host: '0.0.0.0' }), /host: lets others .* needs a token/);
    const service = await aService(t, { host: '0.0.0.0', token: 'a-secret-of-some-length' });
    assert.match(service.url, /0\.0\.0\.0/);
  });

  it('refuses a foreign Host and a foreign Origin', async (t) => {
    const { url } = await aService(t, { allow_host: ['pi.local'] });
    assert.equal(await statusWith(url, { host: 'evil.example' }), 421);
    assert.equal(await statusWith(url, { host: 'localhost:80' }), 200);
    assert.equal(await statusWith(url, { host: 'PI.local' }), 200);
    assert.equal(await statusWith(url, { origin: 'http://evil.example' }, '/api/mute', 'POST'), 403);
    assert.equal(await statusWith(url, { origin: url }, '/api/mute', 'POST'), 400);
  });

  it('says that an address is taken', async (t) => {
    const { url } = await aService(t);
    await assert.rejects(aService(t, { port: new URL(url).port }), { code: 'cannot_listen' });
  });
});

it('a model changed on disk is used for the next reading, and the state of the meter goes on', async (t) => {
  const service = await aWatchedDay(t);
  const high = TABLE_JSON.high.map((limit) => limit + 9000);
  writeFileSync(join(service.folder, 'model.json'), JSON.stringify({ ...TABLE_JSON, high }));
  const before = service.models.loaded[0];
  await until('the model is loaded', () => service.models.loaded[0] !== before);
  await post(service.url, '/api/readings', { at: '2026-01-05T08:00:00Z', watts: 3000 });
  await until('it is scored', () => service.metrics.readings.get({ verdict: 'ok' }) === 481);
  const { body } = await ask(service.url, '/api/score');
  assert.ok(Number(body.score) < 1);
  assert.ok(service.logged.some((line) => line.includes('a meter goes on with a new model')));
});
