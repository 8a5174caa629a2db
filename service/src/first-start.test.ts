import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const LAUNCHER = join(import.meta.dirname, '..', 'lefton.js');

test('the first serve strips no types itself: a process before it has filled the cache', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lefton-cache-'));
  const env = { ...process.env, CACHE_DIRECTORY: folder, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [LAUNCHER, 'serve', '--help'], {
    env,
    maxBuffer: 1e8,
  });
  const first = stdout + stderr;
  assert.match(first, /StrippedTypeScript .*\/service\/src\/main\.ts.* success/);
  assert.doesNotMatch(first, /StrippedTypeScript .*no such file/);
  const [version = ''] = await readdir(join(folder, 'compile'));
  const entries = await readdir(join(folder, 'compile', version));
  assert.ok(entries.length > 300, `${entries.length} entries: the service is not among them`);
});
