#!/usr/bin/env node
// Plain JavaScript on purpose: it also starts on an older Node and hands over to the one that comes with the packages.
// With the cache on, the types of the .ts files are stripped once and not at every start, and the 30 MB that the
// stripping takes are not there while the service runs.
import { spawnSync } from 'node:child_process';
import module from 'node:module';
import { dirname, join } from 'node:path';

const [major = 0] = process.versions.node.split('.').map(Number);
if (major >= 24) {
  module.enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'compile'));
  await import('./src/main.ts');
} else {
  const node = join(
    dirname(module.createRequire(import.meta.url).resolve('node/package.json')),
    'bin',
    'node',
  );
  const { status } = spawnSync(node, process.argv.slice(1), { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
