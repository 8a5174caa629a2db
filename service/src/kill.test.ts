import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aFolder, aModelFile, minutesCsv } from './a-service.test-data.ts';

const READINGS = 200_000;
const KILLS = 30;
const MAIN = join(import.meta.dirname, '..', 'lefton.js');

/** A small seeded generator, so that a failing run can be run again. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function serve(db: string, model: string, tail: string, ...more: string[]): ChildProcess {
  const args = [MAIN, 'serve', '--db', db, '--model', model, '--tail', tail, '--port', '0', ...more];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Everything that must be the same: the events byte by byte, the episodes, the readings, the state. */
function leftBehind(file: string): Record<string, unknown> {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = (sql: string): unknown => db.prepare(sql).all();
  const all = {
    anomaly_power: rows('SELECT offset, key, value FROM anomaly_power ORDER BY offset'),
    episodes: rows('SELECT * FROM episodes ORDER BY episode, kind'),
    readings: rows('SELECT count(*) AS n, sum(watts) AS sum, max(at) AS last FROM readings'),
    raw_power: rows('SELECT count(*) AS n, max(offset) AS last FROM raw_power'),
    dead: rows('SELECT count(*) AS n FROM raw_power_dead'),
    state: rows('SELECT meter, state FROM meters'),
    alerts: rows('SELECT episode, event, channel FROM outbox ORDER BY episode, event'),
  };
  db.close();
  return all;
}

describe('kill -9', () => {
  it(`at ${KILLS} random moments while ${READINGS} readings stream loses nothing and tells nothing twice`, async (t) => {
    const folder = aFolder(t);
    const model = aModelFile(folder);
    const random = chance(20180805);
    // something is left on for two hours about every second day, and one row in 5,000 is no reading
    const csv = minutesCsv(READINGS, (minute) => minute % 2600 > 2480).replace(/(?:.*\n){5000}/g, '$&oops\n');
    const whole = join(folder, 'whole.csv');
    writeFileSync(whole, csv);
    const [code] = (await once(serve(join(folder, 'whole.db'), model, whole, '--once'), 'exit')) as [number];
    assert.equal(code, 0);

    const growing = join(folder, 'growing.csv');
    const killed = join(folder, 'killed.db');
    writeFileSync(growing, '');
    let written = 0;
    let inTheMiddle = 0;
    for (let kill = 1; kill <= KILLS; kill++) {
      // a piece ends anywhere, also within a line
      const next = Math.floor((csv.length * kill) / KILLS - random() * 40);
      const child = serve(killed, model, growing);
      const exit = once(child, 'exit');
      if (kill % 3 === 0) {
        // while it starts
        appendFileSync(growing, csv.slice(written, next));
        await setTimeout(100 + random() * 600);
      } else {
        // while it reads and scores
        await Promise.race([once(child.stdout ?? child, 'data'), exit]);
        appendFileSync(growing, csv.slice(written, next));
        await setTimeout(random() * 350);
      }
      written = next;
      child.kill('SIGKILL');
      const [, signal] = (await exit) as [number | null, string | null];
      assert.equal(signal, 'SIGKILL');
      if (isInTheMiddle(killed)) inTheMiddle++;
    }
    appendFileSync(growing, csv.slice(written));
    const [last] = (await once(serve(killed, model, growing, '--once'), 'exit')) as [number];
    assert.equal(last, 0);

    const [expected, found] = [leftBehind(join(folder, 'whole.db')), leftBehind(killed)];
    assert.deepEqual(found, expected);
    const { readings, episodes } = expected as { readings: [{ n: number }]; episodes: unknown[] };
    assert.equal(readings[0].n, READINGS);
    assert.ok(episodes.length > 70, `${episodes.length} episodes`);
    t.diagnostic(`${inTheMiddle} of ${KILLS} kills left readings that were taken and not yet scored`);
    assertToldOnce(killed);
  });
});

/** Readings were appended and not yet folded when the process died. */
function isInTheMiddle(file: string): boolean {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const end = db.prepare('SELECT max(offset) AS n FROM raw_power').get()?.n ?? 0;
    const committed =
      db.prepare("SELECT max(offset) AS n FROM commits WHERE topic = 'raw_power'").get()?.n ?? 0;
    return end !== committed;
  } catch {
    // killed before there was a table
    return false;
  } finally {
    db.close();
  }
}

/** Every alert has come to an end; those whose end is not known were not repeated. */
function assertToldOnce(file: string): void {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare('SELECT state, attempts, note FROM outbox').all();
  db.close();
  for (const { state, attempts, note } of rows) {
    assert.ok(
      state === 'sent' || note === 'stopped in the middle of the delivery; not repeated',
      String(note),
    );
    assert.equal(attempts, 1);
  }
}
