import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const LAUNCHER = join(import.meta.dirname, '..', 'lefton.js');

// without a model, and without a file, they end once all that they are made of is loaded
for (const [command, refusal, least] of [
  ['serve', /--model: expected a model file/, 300],
  ['import', /missing required argument 'file'/, 80],
] as const)
  test(`the first ${command} strips no types itself: a process before it has filled the cache`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lefton-cache-'));
    const env = { ...process.env, CACHE_DIRECTORY: folder, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
    const { stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, command], {
      env,
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    const first = stdout + stderr;
    assert.match(first, refusal);
    assert.match(first, /StrippedTypeScript .*\/service\/src\/main\.ts.* success/);
    assert.doesNotMatch(first, /StrippedTypeScript .*no such file/);
    const [version = ''] = await readdir(join(folder, 'compile'));
    const entries = await readdir(join(folder, 'compile', version));
    assert.ok(entries.length > least, `${entries.length} entries: the command is not among them`);
  });
