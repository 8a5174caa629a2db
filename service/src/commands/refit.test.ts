import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DAY, formatUtc, HOUR, parseModel, wattHours, watts } from '@lefton/core';
import type { AnomalyEvent, LeftOnModel } from '@lefton/core';
import { aFolder, aModelFile, START } from '../a-service.test-data.ts';
import { aHistory, fittedOn, keepHistory, ofAnotherVersion } from '../a-store.test-data.ts';
import { readRefits } from '../refit/refit-record.ts';
import { Database } from '../sqlite/database.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'lefton.js');

const refit = (...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [MAIN, 'refit', ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });

const modelIn = (file: string): LeftOnModel => {
  const model = parseModel(JSON.parse(readFileSync(file, 'utf8')));
  assert.equal(model.kind, 'left-on');
  return model;
};

/** An episode from `since` for three hours. */
const episode = (type: 'opened' | 'closed', since: number): AnomalyEvent => ({
  ...{ type, episode: `home@${since}`, meter: 'home', at: since + 2 * HOUR, hour: 3, day: 1 },
  ...{ watts: watts(2000), meanWatts: null, usualWatts: watts(200), score: 1, since, longestMs: null },
  ...{ until: type === 'closed' ? since + 3 * HOUR : null, excessWh: wattHours(1), cost: null, why: '' },
});

describe('lefton refit', () => {
  it('learns from what the running service kept, keeps the model before, and leaves out what was found', async (t) => {
    const folder = aFolder(t);
    const model = aModelFile(folder, fittedOn(53), 'home.json');
    const before = readFileSync(model, 'utf8');
    const file = join(folder, 'l.db');
    const db = new Database(file);
    t.after(() => {
      db.close();
    });
    const store = keepHistory(db, aHistory(60));
    // at another time of day: what was fine is a reason to learn its like
    const events = [45, 55.5].flatMap((day) => [
      episode('opened', START + day * DAY),
      episode('closed', START + day * DAY),
    ]);
    store.apply({ readings: [], events, alerts: [] }, []);
    store.label(`home@${START + 55.5 * DAY}`, 'fine', START);

    const { code, stdout, stderr } = await refit('--db', file, '--model', model);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^Fitted on 60 days, .*\nHeld against the model in use on the last 14 days, with \d+ /,
    );
    assert.match(stdout, /\n1 stretch that was found unusual: not learned\.\nPromoted\. Not worse: found /);
    assert.equal(readFileSync(`${model}.previous`, 'utf8'), before);
    const { provenance, mode, meter, zone } = modelIn(model);
    assert.deepEqual([mode, meter, zone], ['ready', 'home', 'UTC']);
    assert.match(provenance.sha256 ?? '', /^[0-9a-f]{64}$/);
    assert.equal(provenance.quality?.held_out_days, 14);
    assert.match(
      provenance.notes[0] ?? '',
      /^Champion of the model fitted until 2026-02-26T23:59:00Z by test\./,
    );
    const [record] = readRefits(model);
    assert.deepEqual([record?.promoted, record?.not_learned, record?.held_out_days], [true, 1, 14]);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('home')),
      ['home.json', 'home.json.previous', 'home.json.refits'],
    );
  });

  it('reads a file as well, and on a dry run writes nothing', async (t) => {
    const folder = aFolder(t);
    const model = aModelFile(folder, fittedOn(30), 'home.json');
    const before = readFileSync(model, 'utf8');
    const { at, watts: power } = aHistory(35);
    const csv = join(folder, 'home.csv');
    const rows = Array.from(at, (instant, i) => `${formatUtc(instant)},${power[i] ?? 0}\n`);
    writeFileSync(csv, `at,watts\n${rows.join('')}`);
    const { code, stdout, stderr } = await refit('--csv', csv, '--model', model, '--dry-run', '--json');
    assert.equal(code, 0, stderr);
    const { promoted, mode, days, held_out_days } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual([promoted, mode, days, held_out_days], [true, 'learning', 35, 14]);
    assert.equal(readFileSync(model, 'utf8'), before);
    assert.equal(existsSync(`${model}.previous`), false);
    writeFileSync(csv, 'at,watts\n');
    const none = await refit('--csv', csv, '--model', model);
    assert.match(none.stdout, /^Fitted on no readings; still learning\.\nKept the model in use\./);
  });

  it('takes another budget because somebody asked for it, and says how the two compare', async (t) => {
    const folder = aFolder(t);
    const model = aModelFile(folder, fittedOn(53), 'home.json');
    const db = new Database(join(folder, 'l.db'));
    keepHistory(db, aHistory(60));
    db.close();
    const budget = ['--false-alarms-per-month', '4'];
    const { code, stdout, stderr } = await refit('--db', join(folder, 'l.db'), '--model', model, ...budget);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\nPromoted\. Another budget was asked for, 4 a month instead of 1\. [A-Z].*found /);
    assert.equal(modelIn(model).false_alarms_per_month, 4);
    assert.equal(readRefits(model)[0]?.promoted, true);
  });

  it('holds a model of another file against the one in use, and says what it is short of', async (t) => {
    const folder = aFolder(t);
    const model = aModelFile(folder, fittedOn(35), 'home.json');
    const db = new Database(join(folder, 'l.db'));
    keepHistory(db, aHistory(60));
    db.close();
    const asked = ['--db', join(folder, 'l.db'), '--model', model, '--challenger'];
    const young = await refit(...asked, aModelFile(folder, fittedOn(55), 'young.json'));
    assert.equal(young.code, 0, young.stderr);
    assert.match(young.stdout, /Kept the model in use\. It has seen all but the last [45] days;/);
    const trained = aModelFile(folder, fittedOn(40), 'trained.json');
    const { code, stdout, stderr } = await refit(...asked, trained);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /\nHeld against the model in use on the last 20 days, .*\nPromoted\. Not worse: found /,
    );
    assert.deepEqual(modelIn(model).left_on, modelIn(trained).left_on);
    assert.deepEqual(
      readRefits(model).map(({ promoted }) => promoted),
      [false, true],
    );
  });

  it('keeps a model that can decide while the store holds nothing or three days, and exits with 0', async (t) => {
    for (const days of [0, 3]) {
      const folder = aFolder(t);
      const model = aModelFile(folder, fittedOn(30), 'home.json');
      const db = new Database(join(folder, 'l.db'));
      if (days > 0) keepHistory(db, aHistory(days));
      db.close();
      const { code, stdout, stderr } = await refit('--db', join(folder, 'l.db'), '--model', model);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /still learning\.\nKept the model in use\. Still learning: /);
      assert.equal(existsSync(`${model}.previous`), false);
      assert.equal(readRefits(model)[0]?.promoted, false);
    }
  });

  it('exits with 2 without a history, with 1 where a file is none, and leaves a plain table alone', async (t) => {
    const folder = aFolder(t);
    const table = aModelFile(folder);
    const none = await refit('--model', table);
    assert.deepEqual([none.code, /--csv or --db/.test(none.stderr)], [2, true]);
    const plain = await refit('--db', 'x.db', '--model', table);
    assert.deepEqual([plain.code, /a min-max table is kept as it is/.test(plain.stderr)], [1, true]);
    const model = aModelFile(folder, fittedOn(10), 'home.json');
    const other = await refit('--db', table, '--model', model);
    assert.deepEqual([other.code, /the database of lefton serve/.test(other.stderr)], [1, true]);
  });

  it('puts a new model in the place of one of another version, by --db and by --csv', async (t) => {
    const folder = aFolder(t);
    const before = ofAnotherVersion(fittedOn(53));
    const file = join(folder, 'l.db');
    const db = new Database(file);
    keepHistory(db, aHistory(20));
    db.close();
    const { at, watts: power } = aHistory(20);
    const csv = join(folder, 'home.csv');
    const rows = Array.from(at, (instant, i) => `${new Date(instant).toISOString()},${String(power[i])}`);
    writeFileSync(csv, `at,watts\n${rows.join('\n')}\n`);
    for (const from of [
      ['--db', file],
      ['--csv', csv],
    ]) {
      const model = aModelFile(folder, before, 'home.json');
      const { code, stdout, stderr } = await refit(...from, '--model', model);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /Promoted\. It can decide now, on 20 days; the model before could not\./);
      assert.notEqual(modelIn(model).left_on, null);
      assert.equal(readFileSync(`${model}.previous`, 'utf8'), JSON.stringify(before));
    }
  });
});
