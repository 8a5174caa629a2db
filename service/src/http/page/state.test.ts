import { parseInstant, watts } from '@lefton/core';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aLog, aService, SetClock, START, until } from '../../a-service.test-data.ts';
import type { RunningService } from '../../a-service.test-data.ts';
import { viewsOf } from '../../entities-of.ts';
import { aStore, modelWith } from '../../fleet/a-store.test-data.ts';
import { ModelStore } from '../../fleet/model-store.ts';
import { StoredModels } from '../../fleet/stored-models.ts';
import { Meters } from '../../meters/meters.ts';
import { Metrics } from '../../telemetry/metrics.ts';
import { Database } from '../../sqlite/database.ts';
import { SqliteStore } from '../../store/store.ts';
import { MOST_TOLD, meterStateOf, meterStatesOf } from './meter-states.ts';
import type { State } from './state.ts';

const nameOf = (number: number): string => `m${number}`;

/** So many meters were heard, each with a model of its own; there is room for about two. */
function aFleet(t: TestContext, count: number) {
  const writer = aStore(t);
  writer.write(() => {
    for (let i = 0; i < count; i++) writer.put('meter', nameOf(i), 1, modelWith(500 + i));
  });
  const [{ log }, metrics] = [aLog(), new Metrics()];
  const fleet = { cohort: null, mostBytes: 7_000 };
  const models = new StoredModels(new ModelStore(writer.file), fleet, log, metrics, () => START);
  const db = new Database(join(aFolder(t), 'lefton.db'));
  t.after(() => {
    models.close();
    db.close();
  });
  const store = new SqliteStore(db, new SetClock(), 400);
  const meters = new Meters({ meters: () => [] }, models, log, () => START, count);
  for (let i = 0; i < count; i++) meters.take(nameOf(i));
  const deps = { meters, models, store, meter: 'home', names: { m3: 'Hall' } };
  return { deps, meters, store, loads: () => metrics.modelLoads.get() };
}

/** One reading of each of so many meters. */
async function hear({ url, metrics }: RunningService, count: number): Promise<void> {
  const at = new Date(START).toISOString();
  const rows = Array.from({ length: count }, (_, i) => `${at},150,${nameOf(i)}\n`);
  const headers = { 'content-type': 'text/csv' };
  const body = `at,watts,meter\n${rows.join('')}`;
  const { status } = await fetch(`${url}/api/readings`, { method: 'POST', headers, body });
  assert.equal(status, 200);
  await until('all are scored', () => metrics.readings.get({ verdict: 'ok' }) === count);
}

const stateOf = async ({ url }: RunningService, query = ''): Promise<State> =>
  (await (await fetch(`${url}/api/state${query}`)).json()) as State;

describe('the state', () => {
  it('names a meter that is called like what every object has', async (t) => {
    const service = await aService(t, { meterNames: '{"valueOf":"Cellar"}' });
    const called = ['__proto__', 'constructor', 'toString', 'valueOf'];
    const rows = called.map((name) => `${new Date(START).toISOString()},150,${name}\n`).join('');
    const headers = { 'content-type': 'text/csv' };
    await fetch(`${service.url}/api/readings`, { method: 'POST', headers, body: rows });
    await until('all are scored', () => service.metrics.readings.get({ verdict: 'ok' }) === called.length);
    const { meters } = await stateOf(service);
    const told = called.map((name) => meters.find(({ meter }) => meter === name)?.name);
    assert.deepEqual(told, ['__proto__', 'constructor', 'toString', 'Cellar']);
  });
});

describe('the state of a fleet', () => {
  it('reads no model but that of the meter that is asked for', (t) => {
    const { deps, loads } = aFleet(t, 50);
    const before = loads();
    const { meters, count } = meterStatesOf(deps, 'm3');
    assert.equal(loads(), before + 1);
    assert.equal(count, 50);
    const [unread, asked] = [meters[5], meters[3]];
    assert.deepEqual([unread?.model, unread?.zone], [null, null]);
    assert.deepEqual([asked?.model?.kind, asked?.zone, asked?.name], ['min-max', 'UTC', 'Hall']);
  });

  it('tells the first meter with its model where there is none of the name that is asked for', (t) => {
    const { deps } = aFleet(t, 50);
    assert.equal(meterStatesOf(deps, 'nobody').meters[0]?.model?.kind, 'min-max');
    assert.equal(meterStateOf(deps, 'nobody'), undefined);
  });

  it('is told to Home Assistant without a model being read', (t) => {
    const { meters, store, loads } = aFleet(t, 50);
    for (const { state } of meters.all) state.note(START, 150, 0.5);
    const before = loads();
    const views = viewsOf(meters, store);
    assert.equal(loads(), before);
    assert.deepEqual(views[5]?.score, { known: true, score: 0.5 });
    assert.deepEqual([views[5].watts, views[5].usualWatts], [watts(150), null]);
  });
});

describe('GET /api/state', () => {
  it('tells some of very many meters, the one that is asked for, and how many there are', async (t) => {
    const service = await aService(t);
    await hear(service, MOST_TOLD + 100);
    const usual = await stateOf(service);
    assert.deepEqual([usual.meters.length, usual.meter_count], [MOST_TOLD + 1, MOST_TOLD + 101]);
    const last = nameOf(MOST_TOLD + 99);
    const { meters } = await stateOf(service, `?meter=${last}`);
    assert.deepEqual([meters.length, meters.at(-1)?.meter], [MOST_TOLD + 1, last]);
    assert.equal(parseInstant(meters.at(-1)?.newest_at ?? ''), START);
  });
});

describe('GET /api/meters', () => {
  it('tells some of very many meters and how many there are, or the one that is asked for', async (t) => {
    const service = await aService(t);
    await hear(service, MOST_TOLD + 100);
    const told = async (query: string): Promise<{ meter_count: number; meters: { meter: string }[] }> => {
      const answer = await fetch(`${service.url}/api/meters${query}`);
      return (await answer.json()) as Awaited<ReturnType<typeof told>>;
    };
    const all = await told('');
    assert.deepEqual([all.meters.length, all.meter_count], [MOST_TOLD, MOST_TOLD + 100]);
    const last = nameOf(MOST_TOLD + 99);
    assert.deepEqual(
      (await told(`?meter=${last}`)).meters.map(({ meter }) => meter),
      [last],
    );
    assert.deepEqual((await told('?meter=nobody')).meters, []);
  });
});
