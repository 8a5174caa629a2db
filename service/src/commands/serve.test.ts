import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aFolder, aModelFile, minutesCsv, TABLE_JSON } from '../a-service.test-data.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'lefton.js');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function lefton(args: readonly string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env } });
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

describe('lefton serve', () => {
  it('shows examples with --help', async () => {
    const { code, out } = await ended(lefton(['serve', '--help']));
    assert.equal(code, 0);
    assert.match(out, /Examples:/);
  });

  it('says everything that is wrong with its settings and exits with 2', async () => {
    const { code, err } = await ended(lefton(['serve', '--port', 'x'], { LEFTON_SPEED: 'slow' }));
    assert.equal(code, 2);
    for (const name of ['--model', '--port', 'LEFTON_SPEED'])
      assert.match(err, new RegExp(`^  ${name}: `, 'm'));
  });

  it('replays, tells what was left on, and ends with a summary', async (t) => {
    const folder = aFolder(t);
    const file = join(folder, 'day.csv');
    writeFileSync(
      file,
      minutesCsv(480, (minute) => minute >= 120 && minute < 200),
    );
    const args = ['serve', '--db', join(folder, 'l.db'), '--model', aModelFile(folder), '--port', '0'];
    const { code, out } = await ended(lefton([...args, '--replay', file, '--speed', 'max', '--once']));
    assert.equal(code, 0);
    assert.match(out, /Watching any meter with .*model\.json/);
    assert.match(out, /Unusual: 3\.0 kW since 02:00/);
    assert.match(out, /Back to usual\. It was on from 02:00 to 03:19/);
    assert.match(out, /Stopped after 480 readings, 0 of them not usable\. Episodes: 1\./);
  });

  it('counts lines that are no readings among those that are not usable', async (t) => {
    const folder = aFolder(t);
    const file = join(folder, 'semi.csv');
    writeFileSync(file, 'time;power\n2026-01-05 00:00;200\n');
    const args = ['serve', '--db', join(folder, 'l.db'), '--model', aModelFile(folder), '--port', '0'];
    const { out } = await ended(lefton([...args, '--replay', file, '--speed', 'max', '--once']));
    assert.match(out, /Stopped after 2 readings, 2 of them not usable/);
  });

  it('names the meter that no model is for, and the meters that models are for', async (t) => {
    const folder = aFolder(t);
    const file = join(folder, 'day.csv');
    writeFileSync(
      file,
      minutesCsv(30, () => false),
    );
    const model = join(folder, 'barn.json');
    writeFileSync(model, JSON.stringify({ ...TABLE_JSON, meter: 'barn' }));
    const args = ['serve', '--db', join(folder, 'l.db'), '--model', model, '--port', '0'];
    const { code, out, err } = await ended(lefton([...args, '--replay', file, '--speed', 'max', '--once']));
    assert.equal(code, 0);
    assert.match(err, /readings of a meter are not scored.*"home".*no_model.*"barn"/);
    assert.match(out, /30 of them not usable\. Episodes: 0\.\n30 were of meters that no model is for/);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`stops cleanly within two seconds on ${signal}`, async (t) => {
      const folder = aFolder(t);
      const args = [
        'serve',
        '--db',
        join(folder, 'l.db'),
        '--model',
        aModelFile(folder),
        '--port',
        '0',
        '--stdin',
      ];
      const child = lefton(args);
      const end = ended(child);
      await once(child.stdout, 'data');
      const began = performance.now();
      child.kill(signal);
      assert.equal((await end).code, 0);
      assert.ok(performance.now() - began < 2_000);
    });
  }

  it('refuses a database that another one has open', async (t) => {
    const folder = aFolder(t);
    const args = ['serve', '--db', join(folder, 'l.db'), '--model', aModelFile(folder), '--port', '0'];
    const first = lefton(args);
    t.after(() => first.kill());
    await once(first.stdout, 'data');
    const { code, err } = await ended(lefton(args));
    assert.equal(code, 1);
    assert.match(err, /no other LeftOn to have this database open/);
  });
});
