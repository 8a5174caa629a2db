import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aLog, SetClock, START } from '../a-service.test-data.ts';
import { ReadingCodec } from '../avro/reading-codec.ts';
import { DeadLetters } from '../records/dead-letters.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { Database } from '../sqlite/database.ts';
import { SqliteTopics } from '../topics/sqlite.ts';
import { Tail } from './tail.ts';

const noPause = (): Promise<void> => Promise.resolve();
const row = (watts: number): string => `2026-01-05T00:00:00Z,${watts}\n`;

function aTail(t: TestContext) {
  const folder = aFolder(t);
  const file = join(folder, 'readings.csv');
  const db = new Database(join(folder, 'lefton.db'));
  t.after(() => {
    db.close();
  });
  const topics = new SqliteTopics(db, { apply: () => undefined }, new SetClock(), aLog().log);
  const { signal } = new AbortController();
  const codec = ReadingCodec.embedded();
  const { log, lines: logged } = aLog();
  const metrics = new Metrics();
  const dead = new DeadLetters(log, metrics);
  const start = (once = false): Tail =>
    new Tail({ file, meter: 'home', once }, { topics, codec, dead }, noPause, log);
  /** A process that was killed leaves nothing but the database. */
  let tail = start();
  const restart = (): void => {
    tail = start();
  };
  const readAll = async (): Promise<void> => {
    while (await tail.poll(signal));
  };
  const rows = (topic: 'raw_power' | 'raw_power_dead') =>
    db.prepare(`SELECT value, headers FROM ${topic}`).all();
  const watts = (): number[] =>
    rows('raw_power').map(({ value }) => codec.decode(value as Uint8Array, 'home', START).watts);
  const reasons = (): string[] => rows('raw_power_dead').map(({ headers }) => String(headers));
  return { file, readAll, restart, watts, reasons, start, signal, logged, metrics };
}

describe('a tail', () => {
  it('takes whole lines as they come, and waits for the end of a half-written one', async (t) => {
    const { file, readAll, watts } = aTail(t);
    await readAll();
    writeFileSync(file, `at,watts\n${row(1)}2026-01-05T00:0`);
    await readAll();
    assert.deepEqual(watts(), [1]);
    appendFileSync(file, `0:00Z,2\n${row(3)}`);
    await readAll();
    assert.deepEqual(watts(), [1, 2, 3]);
  });

  it('goes on after a restart where it was', async (t) => {
    const { file, readAll, restart, watts } = aTail(t);
    writeFileSync(file, `at,watts\n${row(1)}${row(2)}2026`);
    await readAll();
    restart();
    appendFileSync(file, `-01-05T00:00:00Z,3\n`);
    await readAll();
    restart();
    await readAll();
    assert.deepEqual(watts(), [1, 2, 3]);
  });

  it('starts anew when the file was truncated, shorter or rewritten', async (t) => {
    const { file, readAll, restart, watts } = aTail(t);
    writeFileSync(file, row(1) + row(2));
    await readAll();
    truncateSync(file);
    await readAll();
    appendFileSync(file, row(3));
    await readAll();
    writeFileSync(file, row(4) + row(5) + row(6));
    await readAll();
    restart();
    writeFileSync(file, row(7) + row(8) + row(9) + row(10));
    await readAll();
    assert.deepEqual(watts(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('reads a rotated file to its end, then the new one', async (t) => {
    const { file, readAll, watts } = aTail(t);
    writeFileSync(file, row(1));
    await readAll();
    appendFileSync(file, `${row(2)}2026-01-05T00:00:00Z,3`);
    renameSync(file, `${file}.1`);
    writeFileSync(file, row(4));
    await readAll();
    assert.deepEqual(watts(), [1, 2, 3, 4]);
  });

  it('goes on with a file whose name cannot be looked at for a while, and says so once', async (t) => {
    const { file, readAll, watts, logged } = aTail(t);
    writeFileSync(file, row(1));
    await readAll();
    renameSync(file, `${file}.1`);
    symlinkSync(file, file);
    appendFileSync(`${file}.1`, row(2));
    await readAll();
    await readAll();
    assert.deepEqual(watts(), [1, 2]);
    assert.equal(logged.length, 1);
    assert.match(logged[0] ?? '', /cannot be looked at now.*ELOOP/);
    rmSync(file);
    writeFileSync(file, row(3));
    await readAll();
    assert.deepEqual(watts(), [1, 2, 3]);
  });

  it('waits for a file that cannot be read, and says so once', async (t) => {
    const { file, readAll, watts, logged } = aTail(t);
    mkdirSync(file);
    await readAll();
    await readAll();
    assert.equal(logged.length, 1);
    assert.match(logged[0] ?? '', /cannot be read now.*EISDIR/);
    rmdirSync(file);
    writeFileSync(file, row(1));
    await readAll();
    assert.deepEqual(watts(), [1]);
  });

  it('knows a copy of the file it has read', async (t) => {
    const { file, readAll, watts } = aTail(t);
    writeFileSync(file, row(1) + row(2));
    await readAll();
    copyFileSync(file, `${file}.new`);
    appendFileSync(`${file}.new`, row(3));
    renameSync(`${file}.new`, file);
    await readAll();
    assert.deepEqual(watts(), [1, 2, 3]);
  });

  it('puts lines that are no reading into raw_power_dead, with the reason, and tells of them', async (t) => {
    const { file, readAll, watts, reasons, logged, metrics } = aTail(t);
    writeFileSync(file, `${row(1)}2026-01-05T00:00:00Z,unavailable\n\u0000\u0001\n${row(2)}`);
    await readAll();
    assert.deepEqual(watts(), [1, 2]);
    assert.equal(reasons().length, 2);
    assert.match(reasons()[0] ?? '', /watts: expected a finite number/);
    assert.match(logged[0] ?? '', /a record is no reading.*watts: expected a finite number.*tail /);
    assert.equal(logged.length, 2);
    assert.equal(metrics.deadLetters.get({ reason: 'watts' }), 1);
    assert.equal(metrics.deadLetters.get({ reason: 'row' }), 1);
  });

  it('is not stopped by a line without end, and keeps only its beginning', async (t) => {
    const { file, readAll, watts, reasons, metrics } = aTail(t);
    writeFileSync(file, row(1) + 'x'.repeat(1_000_000));
    await readAll();
    appendFileSync(file, `${'x'.repeat(300_000)}\n${row(2)}`);
    await readAll();
    assert.deepEqual(watts(), [1, 2]);
    assert.equal(reasons().length, 1);
    assert.equal(metrics.deadLetters.get({ reason: 'line' }), 1);
  });

  it('ends at the end of the file when asked to, with a last line that lacks its end', async (t) => {
    const { file, start, signal, watts } = aTail(t);
    writeFileSync(file, row(1) + row(2).trimEnd());
    await start(true).run(signal);
    assert.deepEqual(watts(), [1, 2]);
  });

  it('says so when asked to end at the end of a file that is not there', async (t) => {
    const { start, signal } = aTail(t);
    await assert.rejects(start(true).run(signal), { code: 'unreadable' });
  });
});
