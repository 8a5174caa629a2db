import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { DAY, formatUtc, HOUR, LeftOnError } from '@lefton/core';
import { aFolder, aLog, aModelFile, aService, SetClock, START, until } from '../a-service.test-data.ts';
import { aHistory, fittedOn, keepHistory, ofAnotherVersion } from '../a-store.test-data.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { ModelFiles } from '../models/model-files.ts';
import { keepRefit } from './refit-record.ts';
import type { RefitRecord } from './refit-record.ts';
import { refitInProcess } from './refit-process.ts';
import { Refitter } from './refitter.ts';
import { Database } from '../sqlite/database.ts';

const decision = (at: number): RefitRecord => ({
  ...{ at: formatUtc(at), meter: 'home', promoted: true, mode: 'ready', why: 'Not worse.', days: 60 },
  ...{ held_out_days: 28, left_on: 30, not_learned: 0, champion: null, challenger: null },
});

/** A refitter at four o'clock, and the instants at which it ran. */
function aRefitter(
  t: TestContext,
  outcome: (at: number) => RefitRecord = decision,
  json: unknown = fittedOn(10),
  hour: number | null = 4,
) {
  const file = aModelFile(aFolder(t), json);
  const clock = new SetClock();
  const { log, lines } = aLog();
  const models = new ModelFiles(file, null, log, new Metrics(), () => 0, 'keep');
  const ran: number[] = [];
  const refit = (model: string): Promise<RefitRecord> => {
    ran.push((clock.at - START) / HOUR);
    return Promise.resolve().then(() => {
      const record = outcome(clock.at);
      keepRefit(model, record);
      return record;
    });
  };
  const refitter = new Refitter(models, refit, clock, log, 'home', hour);
  const live = async (fromHour: number, toHour: number): Promise<void> => {
    for (let hour = fromHour; hour < toHour; hour++) {
      clock.at = START + hour * HOUR;
      await refitter.tick(new AbortController().signal);
    }
  };
  return { live, ran, lines };
}

describe('refits of a running service', () => {
  it('are done once a week at their local hour, and logged', async (t) => {
    const { live, ran, lines } = aRefitter(t);
    await live(0, 24 * 15);
    assert.deepEqual(ran, [4, 4 + 7 * 24, 4 + 14 * 24]);
    assert.ok(lines.some((line) => line.includes('a refit was promoted') && line.includes('Not worse.')));
  });

  it('are done again after a week by a clock that was a year ahead once', async (t) => {
    const { live, ran } = aRefitter(t);
    await live(365 * 24, 365 * 24 + 5);
    await live(0, 24 * 8);
    assert.deepEqual(ran, [365 * 24, 4, 4 + 7 * 24]);
  });

  it('are made up for at another hour where the machine was off', async (t) => {
    const { live, ran } = aRefitter(t);
    await live(0, 24);
    await live(24 * 7 + 6, 24 * 8 + 1);
    await live(24 * 9 + 6, 24 * 9 + 10);
    assert.deepEqual(ran, [4, 24 * 9 + 6]);
  });

  it('begin also where the machine is off at their hour every night', async (t) => {
    const { live, ran } = aRefitter(t);
    const days = Array.from({ length: 30 }, (_, day) => day * 24);
    for (const day of days) await live(day + 7, day + 24);
    // the model is fitted until the tenth day; eight days later it is late, at any hour
    assert.deepEqual(ran, [18 * 24 + 7, 26 * 24 + 7]);
  });

  it('that fail are logged and tried again the next day', async (t) => {
    const { live, ran, lines } = aRefitter(t, () => {
      throw new LeftOnError({ code: 'refit_failed', place: 'x', expected: 'a decision', found: 'a crash' });
    });
    await live(0, 48);
    assert.deepEqual(ran, [4, 28]);
    assert.ok(lines.some((line) => line.includes('a refit failed, the model in use stays')));
  });

  it('end when their meter is forgotten, before its model file is deleted', async (t) => {
    const models = new ModelFiles(
      aModelFile(aFolder(t), fittedOn(10)),
      null,
      aLog().log,
      new Metrics(),
      () => 0,
    );
    const begun = Promise.withResolvers<AbortSignal>();
    const ended = Promise.withResolvers<RefitRecord>();
    const refit = (_: string, __: string, signal: AbortSignal): Promise<RefitRecord> => {
      begun.resolve(signal);
      return ended.promise;
    };
    const clock = new SetClock(START + 4 * HOUR);
    const { log, lines } = aLog();
    const refitter = new Refitter(models, refit, clock, log, 'home', 4);
    const ticked = refitter.tick(new AbortController().signal);
    const signal = await begun.promise;
    await refitter.letGo('barn');
    assert.equal(signal.aborted, false);
    const order: string[] = [];
    const gone = refitter.letGo('home').then(() => order.push('let go'));
    assert.equal(signal.aborted, true);
    order.push('the process ends');
    ended.reject(
      new LeftOnError({ code: 'refit_failed', place: 'x', expected: 'a decision', found: 'stopped' }),
    );
    await Promise.all([gone, ticked]);
    assert.deepEqual(order, ['the process ends', 'let go']);
    assert.deepEqual(lines, []);
  });

  it('leave a plain table as it is', async (t) => {
    const table: unknown = JSON.parse(
      readFileSync(new URL('../../../models/august-2018.json', import.meta.url), 'utf8'),
    );
    const { live, ran } = aRefitter(t, decision, table);
    await live(0, 48);
    assert.deepEqual(ran, []);
  });

  it('take the readings of the service itself, and it goes on with the new model and shows the decision', async (t) => {
    const folder = aFolder(t);
    const file = aModelFile(folder, fittedOn(53), 'home.json');
    const db = join(folder, 'kept.db');
    const before = new Database(db);
    keepHistory(before, aHistory(60));
    before.close();
    // the last one was long ago, so that the hour of this test does not matter
    writeFileSync(`${file}.refits`, `${JSON.stringify(decision(Date.now() - 9 * DAY))}\n`);
    const service = await aService(t, { model: file, db, refit: 'weekly' });
    await until('the refit is taken up', () => {
      const [loaded] = service.models.loaded;
      return loaded?.compiled.toModel().provenance.days === 60;
    });
    await until('it is logged', () => service.logged.some((line) => line.includes('a refit was promoted')));
    const answer = (await (await fetch(`${service.url}/api/model`)).json()) as { refit: RefitRecord };
    assert.deepEqual([answer.refit.promoted, answer.refit.held_out_days], [true, 14]);
  });

  it('of a model of another version are done at once, also where none was asked for', async (t) => {
    const folder = aFolder(t);
    const file = aModelFile(folder, ofAnotherVersion(fittedOn(53)), 'home.json');
    const old = readFileSync(file, 'utf8');
    const db = join(folder, 'kept.db');
    const before = new Database(db);
    keepHistory(before, aHistory(20));
    before.close();
    const service = await aService(t, { model: file, db });
    assert.ok(service.logged.some((line) => line.includes('this model decides nothing yet')));
    await until('the new model is taken up', () => {
      const [loaded] = service.models.loaded;
      return loaded?.compiled.leftOn !== null;
    });
    assert.equal(readFileSync(`${file}.previous`, 'utf8'), old);
    await until('it is logged', () =>
      service.logged.some((line) => line.includes('It can decide now, on 20 days')),
    );
  });

  it('of a model of another version are tried again the next day where too little was kept', async (t) => {
    const kept = { ...decision(START), promoted: false, why: 'Still learning.' };
    const { live, ran } = aRefitter(t, () => kept, ofAnotherVersion(fittedOn(10)), null);
    await live(0, 48);
    assert.deepEqual(ran, [0, 20, 40]);
  });

  it('that were not asked for are not done', async (t) => {
    const { live, ran } = aRefitter(t, decision, fittedOn(10), null);
    await live(0, 24 * 15);
    assert.deepEqual(ran, []);
  });

  it('that cannot be done are one clear error, whatever became of the process', async (t) => {
    const folder = aFolder(t);
    const file = aModelFile(folder, fittedOn(10), 'home.json');
    const before = readFileSync(file, 'utf8');
    const refit = refitInProcess(join(folder, 'nothing.db'), null);
    await assert.rejects(refit(file, 'home', new AbortController().signal), {
      name: 'LeftOnError',
      code: 'refit_failed',
      message: /expected the database of lefton serve/,
    });
    await assert.rejects(refit(file, 'home', AbortSignal.abort()), { code: 'refit_failed' });
    assert.equal(readFileSync(file, 'utf8'), before);
  });
});
