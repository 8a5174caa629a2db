import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');

test('what --help says to run is a program that is there', () => {
  const help = execFileSync(process.execPath, [join(import.meta.dirname, 'main.ts'), '--help'], {
    encoding: 'utf8',
  });
  const usage = /^ {2}(\S+) (\S+) \[--to/m.exec(help);
  assert.equal(usage?.[1], 'node', help);
  assert.ok(existsSync(join(root, usage[2] ?? '')), help);
});
