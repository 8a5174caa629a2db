#!/usr/bin/env node
// Plain JavaScript on purpose: it also starts on a Node that strips no types (one older than 22.18, or Debian's) and hands
// over to the one that comes with the packages.
// With the cache on, the types of the .ts files are stripped once and not at every start, and the 30 MB that the
// stripping takes are not there while the service runs.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

const FLUSH_MS = 5_000;
/** Fills the cache and ends: a process of its own before such a command runs first, with which the memory of stripping goes. */
const FILL = 'fill-cache';
/** What runs for years, and what reads exports of any size. */
const FILLED_FIRST = ['serve', 'import'];
/** Without the compilers between the interpreter and the optimizing one: 6 MB less, at the same pace. */
const LEAN = ['--no-maglev', '--no-sparkplug'];
/** What zod says in fifty languages, of which English comes by another way: 3 MB for nothing. */
const WORDS_OF_ZOD = '/zod/v4/locales/index.js';
/**
 * Flags of commands that run for long; before the first import, as what was compiled under other flags cannot be reused.
 * A capture shares a small machine with others, and a reading a second is no work: a small heap, nothing compiled before
 * it is called, and no optimizing compiler either.
 */
const FLAGS = new Map([
  ['serve', LEAN],
  [
    'capture',
    [...LEAN, '--no-opt', '--max-lazy', '--semi-space-growth-factor=1', '--heap-growing-percent=20'],
  ],
]);

if (process.features.typescript) {
  const fills = process.argv[2] === FILL;
  const command = process.argv[fills ? 3 : 2];
  for (const flag of FLAGS.get(command) ?? []) setFlagsFromString(flag);
  // systemd names a folder of the unit's own where it lets it write nowhere else
  const cache = process.env.CACHE_DIRECTORY ?? join(import.meta.dirname, '..', 'node_modules', '.cache');
  module.enableCompileCache(join(cache, 'compile'));
  const filled = module.getCompileCacheDir();
  // also of a process that will be killed
  setTimeout(() => module.flushCompileCache(), FLUSH_MS).unref();
  module.registerHooks({
    load: (url, context, next) =>
      url.endsWith(WORDS_OF_ZOD)
        ? { format: 'module', source: 'export {};', shortCircuit: true }
        : next(url, context),
  });
  if (fills) {
    if (command === 'serve') {
      await import('./src/settings/read.ts');
      await import('./src/service.ts');
    }
    process.argv.splice(2, 2, command, '--help');
  } else if (FILLED_FIRST.includes(command) && filled !== undefined && readdirSync(filled).length === 0) {
    spawnSync(process.execPath, [import.meta.filename, FILL, command], { stdio: 'ignore' });
  }
  await import('./src/main.ts');
} else {
  const node = join(import.meta.dirname, '..', 'node_modules', 'node', 'bin', 'node');
  const { status, error } = spawnSync(node, process.argv.slice(1), { stdio: 'inherit' });
  if (error !== undefined)
    console.error(
      `lefton: this Node (${process.version}) cannot run TypeScript and the one of the packages cannot be started ` +
        `(${error.message}). Run npm ci once more, or use Node 22.18 or newer from nodejs.org.`,
    );
  process.exitCode = status ?? 1;
}
