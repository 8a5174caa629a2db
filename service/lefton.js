#!/usr/bin/env node
// The machine's own Node may be older than the one that comes with the packages and runs TypeScript as it is.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [major = 0] = process.versions.node.split('.').map(Number);
if (major >= 24) {
  await import('./src/main.ts');
} else {
  const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
  const main = new URL('./src/main.ts', import.meta.url).pathname;
  const { status } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
