import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What is named after French, or names it: its code, or its list of catalogues. */
const OF_FRENCH = /(?:^|[/-])fr(?:\.test)?\.ts$/;
const NAMES_FRENCH = /['"/-]fr(?:['"-]|\.ts)|\bfr[:,]/;

test('docs/languages.md names every file that a new language takes, and no other', () => {
  const files = globSync(['core/src/**/*.ts', 'service/src/**/*.ts'], { cwd: root });
  const needed = files
    // a Home Assistant is asked for some language that its voice lacks
    .filter((path) => !path.endsWith('.ha.test.ts'))
    .filter((path) => OF_FRENCH.test(path) || NAMES_FRENCH.test(read(path)));
  const named = [...read('docs/languages.md').matchAll(/`([\w/.-]+\/[\w.-]+\.ts)`/g)].map(
    ([, path = '']) => path,
  );
  const ours = named.filter((path) => !/(?:^test|\/nl)\b/.test(path));
  assert.ok(needed.length > 10);
  assert.deepEqual([...new Set(ours)].sort(), needed.sort());
});
