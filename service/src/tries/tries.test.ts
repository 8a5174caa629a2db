import { alertingFrom, backtest, defaultPolicy, fit, parseModel } from '@lefton/core';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { readHistory } from '../cli/history-input.ts';
import { Database } from '../sqlite/database.ts';
import { SqliteStore } from '../store/store.ts';
import { SystemClock } from '../runtime/clock.ts';
import type { Tried, TryStage, TryTask } from './try-task.ts';
import { Tries } from './tries.ts';

const HOUSE = new URL('../../../data/sample-house/readings.csv.gz', import.meta.url).pathname;
const LEFTON = new URL('../../lefton.js', import.meta.url).pathname;
const ZONE = 'Europe/Amsterdam';
const MARCH = Date.parse('2026-03-01T00:00:00+01:00');
const NOBODY = (): void => undefined;
const patient = new AbortController().signal;

interface House {
  readonly tries: Tries;
  readonly task: TryTask;
}

const folder = mkdtempSync(join(tmpdir(), 'lefton-'));
const db = join(folder, 'lefton.db');
const model = join(folder, 'model.json');

/** The sample house as a service would have kept it, with a model that knows it until March. */
before(async () => {
  const history = await readHistory(HOUSE, { zone: ZONE }, { write: NOBODY });
  const fitted = fit(history, {
    ...{ zone: ZONE, meter: 'home', until: MARCH, falseAlarmsPerMonth: 1 },
    ...{ fittedOn: 'the sample house', sha256: null, software: 'a test' },
  });
  writeFileSync(model, JSON.stringify(fitted));
  const database = new Database(db);
  const store = new SqliteStore(database, new SystemClock(), 400);
  const readings = [...history.at].map((at, i) => ({ meter: 'home', at, watts: history.watts[i] ?? NaN }));
  database.transaction(() => {
    const meters = [{ meter: 'home', state: new Uint8Array(), heardAt: 0 }];
    store.apply({ readings, events: [], alerts: [] }, meters);
  });
  database.close();
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function aHouse(t: TestContext): House {
  const tries = new Tries();
  t.after(() => {
    tries.stop();
  });
  const read = parseModel(JSON.parse(readFileSync(model, 'utf8')), model);
  const task = {
    ...{ db, meter: 'home', model: read, budget: null, policy: defaultPolicy, windows: [], revision: 0 },
  };
  return { tries, task };
}

/** What `lefton backtest` says of the same days with the same model. */
function backtested(tried: Tried): unknown[] {
  const from = new Date(tried.from).toISOString();
  const args = [LEFTON, 'backtest', '--csv', HOUSE, '--model', model, '--from', from, '--json'];
  const lines = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as { type?: string; episode?: string })
    .filter(({ type }) => type === 'opened')
    .map(({ episode }) => episode);
}

const said = ({ episodes }: Tried): string[] => episodes.map(({ episode }) => episode);

describe('what other settings would have told', () => {
  it('is what a full backtest tells, with the model in use and with one for another budget', async (t) => {
    const { tries, task } = aHouse(t);
    const stages = new Set<TryStage>();
    const tried = await tries.ask(task, patient, (stage) => stages.add(stage));
    assert.deepEqual([...stages], ['reading', 'trying']);
    assert.deepEqual(said(tried), backtested(tried));
    assert.ok(tried.count > 0);
    // the sample house has gaps, which are no days
    assert.ok(Math.abs(tried.days - tried.readings / 1440) < 0.5, `${tried.days} and ${tried.readings}`);
    assert.equal(tried.flattered, true);
    const months = tried.months.reduce((sum, { episodes }) => sum + episodes, 0);
    assert.equal(months, tried.count);

    const often = await tries.ask({ ...task, budget: 8 }, patient, NOBODY);
    const seldom = await tries.ask({ ...task, budget: 0.25 }, patient, NOBODY);
    assert.ok(often.count >= seldom.count, `${often.count} and ${seldom.count}`);
    assert.equal(often.fitted, 'anew');
  });

  it('is what a full backtest over the whole history tells, from whatever score on and in whatever order', async (t) => {
    const { tries, task } = aHouse(t);
    const history = await readHistory(HOUSE, { zone: ZONE }, { write: NOBODY });
    let state = 20260705;
    for (let i = 0; i < 12; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const score = Math.round((0.5 + (state / 2 ** 32) * 2) * 100) / 100;
      const policy = alertingFrom(defaultPolicy, score);
      const tried = await tries.ask({ ...task, policy }, patient, NOBODY);
      const events = [...backtest(history, task.model, { meter: 'home', policy, from: tried.from })];
      const told = events.filter(({ type }) => type === 'opened');
      const byBacktest = told.map(({ episode, at, watts, meanWatts, why }) => [
        ...[episode, at, meanWatts ?? watts, why],
      ]);
      const byTrying = tried.episodes.map((each) => [each.episode, each.openedAt, each.watts, each.why]);
      assert.deepEqual(byTrying, byBacktest, `from ${score}`);
    }
  });

  it('is less from a higher score on, and the same again from the old one', async (t) => {
    const { tries, task } = aHouse(t);
    const from = (score: number): Promise<Tried> =>
      tries.ask({ ...task, policy: alertingFrom(defaultPolicy, score) }, patient, NOBODY);
    const [low, usual, high] = [await from(0.5), await from(1), await from(100)];
    assert.ok(low.count > usual.count, `${low.count} and ${usual.count}`);
    assert.equal(high.count, 0);
    assert.deepEqual(await from(1), usual);
  });

  it('answers the newest question only, and goes on after somebody has left', async (t) => {
    const { tries, task } = aHouse(t);
    const older = tries.ask(task, patient, NOBODY);
    const newer = tries.ask({ ...task, policy: alertingFrom(defaultPolicy, 100) }, patient, NOBODY);
    await assert.rejects(older, { code: 'overtaken' });
    assert.equal((await newer).count, 0);
    const leaving = new AbortController();
    const left = tries.ask({ ...task, revision: 1 }, leaving.signal, () => {
      leaving.abort();
    });
    await assert.rejects(left, { code: 'nobody_waits' });
    assert.ok((await tries.ask(task, patient, NOBODY)).count > 0);
  });

  it('says what is missing where nothing is kept, and starts anew when its process is gone', async (t) => {
    const { tries, task } = aHouse(t);
    await assert.rejects(tries.ask({ ...task, meter: 'shed' }, patient, NOBODY), { code: 'no_history' });
    await assert.rejects(tries.ask({ ...task, db: 'no such file' }, patient, NOBODY), {
      code: 'bad_database',
    });
    const asked = tries.ask({ ...task, revision: 2 }, patient, () => {
      tries.stop();
    });
    await assert.rejects(asked, { code: 'try_failed', faultClass: 'transient' });
    assert.ok((await tries.ask(task, patient, NOBODY)).count > 0);
  });

  it('forgets the past of a meter that is forgotten, and of no other', async (t) => {
    const { tries, task } = aHouse(t);
    const other = tries.ask(task, patient, () => {
      tries.letGo('shed');
    });
    assert.ok((await other).count > 0);
    const asked = tries.ask({ ...task, revision: 3 }, patient, () => {
      tries.letGo(task.meter);
    });
    await assert.rejects(asked, { code: 'try_failed' });
  });
});
