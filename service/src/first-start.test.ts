import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const LAUNCHER = join(import.meta.dirname, '..', 'lefton.js');

test('the first serve strips no types itself: a process before it has filled the cache', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lefton-cache-'));
  const env = { ...process.env, CACHE_DIRECTORY: folder, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
  // without a model it ends, once all that it is made of is loaded
  const { stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, 'serve'], {
    env,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  const first = stdout + stderr;
  assert.match(first, /--model: expected a model file/);
  assert.match(first, /StrippedTypeScript .*\/service\/src\/main\.ts.* success/);
  assert.doesNotMatch(first, /StrippedTypeScript .*no such file/);
  const [version = ''] = await readdir(join(folder, 'compile'));
  const entries = await readdir(join(folder, 'compile', version));
  assert.ok(entries.length > 300, `${entries.length} entries: the service is not among them`);
});
