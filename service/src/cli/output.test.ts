import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aModelFile, minutesCsv, until } from '../a-service.test-data.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'lefton.js');
const FULL = '/dev/full';

interface Ended {
  readonly code: number | null;
  readonly err: string;
}

function lefton(stdio: StdioOptions, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { stdio });
}

async function ended(child: ChildProcess): Promise<Ended> {
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, err };
}

function aDay(folder: string): string {
  const file = join(folder, 'day.csv');
  writeFileSync(
    file,
    minutesCsv(480, (minute) => minute >= 120 && minute < 200),
  );
  return file;
}

function aFullDisk(t: TestContext): number {
  const full = openSync(FULL, 'w');
  t.after(() => {
    closeSync(full);
  });
  return full;
}

const serving = (folder: string): string[] => [
  ...['serve', '--db', join(folder, 'l.db'), '--model', aModelFile(folder), '--port', '0'],
];

/** Resolves once a service has said in its log, which may reach nobody, that what it was sent is no reading. */
async function hasLogged(welcome: Buffer): Promise<void> {
  const [url] = /http:\/\/[^\s/]+/.exec(welcome.toString()) ?? [];
  assert.ok(url !== undefined, welcome.toString());
  await until('a line is no reading', async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return /^lefton_dead_letters_total\{.*\} 1$/m.test(metrics);
  });
}

describe('output that cannot be written', { skip: !existsSync(FULL) }, () => {
  it('ends a command with its reason and exit code 1', async (t) => {
    const folder = aFolder(t);
    const model = aModelFile(folder);
    const csv = aDay(folder);
    for (const args of [
      ['import', csv, '--zone', 'UTC', '--json'],
      ['import', csv, '--zone', 'UTC'],
      ['score', '--model', model, '--hour', '4', '--watts', '1500'],
      ['backtest', '--csv', csv, '--model', model],
    ]) {
      const { code, err } = await ended(lefton(['ignore', aFullDisk(t), 'pipe'], ...args));
      assert.equal(code, 1, args.join(' '));
      assert.match(err, /^lefton \w+: standard output: expected room to write, found ENOSPC/m);
      assert.doesNotMatch(err, /at .*\.[jt]s:\d+/);
    }
  });

  it('ends a command likewise where the file took a part of it', async (t) => {
    const folder = aFolder(t);
    const script = 'ulimit -f 8; out=$1; shift; exec "$@" > "$out"';
    const args = [process.execPath, MAIN, 'import', aDay(folder), '--zone', 'UTC'];
    const out = join(folder, 'out.csv');
    const child = spawn('sh', ['-c', script, 'sh', out, ...args], {
      env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { code, err } = await ended(child);
    assert.equal(code, 1);
    assert.match(err, /standard output: .*EFBIG/);
  });

  it('is logged by a service, which goes on', async (t) => {
    const folder = aFolder(t);
    const args = [...serving(folder), '--replay', aDay(folder), '--speed', 'max', '--once'];
    const { code, err } = await ended(lefton(['ignore', aFullDisk(t), 'pipe'], ...args));
    assert.match(err, /"this could not be printed".*standard output: .*ENOSPC/);
    assert.match(err, /"a source has ended"/);
    assert.equal(code, 0);
  });

  it('is nothing to a service where it is its log', async (t) => {
    const folder = aFolder(t);
    const full = lefton(['pipe', 'pipe', aFullDisk(t)], ...serving(folder), '--stdin');
    const end = ended(full);
    assert.ok(full.stdout !== null && full.stdin !== null);
    const [welcome] = (await once(full.stdout, 'data')) as [Buffer];
    full.stdin.write('not a reading\n');
    await hasLogged(welcome);
    assert.equal(full.exitCode, null);
    full.kill('SIGTERM');
    assert.equal((await end).code, 0);
  });
});

describe('a reader that is gone', () => {
  it('of the log is nothing to a service', async (t) => {
    const folder = aFolder(t);
    const child = lefton(['pipe', 'pipe', 'pipe'], ...serving(folder), '--stdin');
    assert.ok(child.stdout !== null);
    const [welcome] = (await once(child.stdout, 'data')) as [Buffer];
    child.stdout.resume();
    child.stderr?.destroy();
    child.stdin?.write('not a reading\n');
    await hasLogged(welcome);
    assert.equal(child.exitCode, null);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 0);
  });

  it('of what a service prints stops it, and the log says why', async (t) => {
    const folder = aFolder(t);
    const child = lefton(['pipe', 'pipe', 'pipe'], ...serving(folder), '--tail', aDay(folder));
    const end = ended(child);
    child.stdout?.destroy();
    const { code, err } = await end;
    assert.equal(code, 0);
    assert.match(err, /nobody reads standard output any more/);
  });
});
