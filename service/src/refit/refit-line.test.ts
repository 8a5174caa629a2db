import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { refitLine } from './refit-line.ts';
import { aSampleHouse } from '../web/a-home.test-data.ts';

const MAIN = new URL('../../lefton.js', import.meta.url).pathname;

interface Answered {
  readonly episode: string;
  readonly learning: { readonly command: string; readonly by_itself: boolean } | null;
}

const episodesOf = async (url: string): Promise<Answered[]> =>
  ((await (await fetch(`${url}/api/episodes`)).json()) as { episodes: Answered[] }).episodes;

test('after an answer the service says a line that runs as it stands, and learns from it', async (t) => {
  const { url } = await aSampleHouse(t);
  const [first, ...others] = await episodesOf(url);
  assert.ok(first !== undefined && first.learning === null);
  await fetch(`${url}/api/episodes/${encodeURIComponent(first.episode)}/feedback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"label":"left_on"}',
  });
  const [answered, ...rest] = await episodesOf(url);
  assert.deepEqual(rest, others);
  const { command, by_itself } = answered?.learning ?? assert.fail('nothing learns');
  // a replay is not fitted anew by itself
  assert.equal(by_itself, false);
  const line = command.replace(/^npx lefton /, `'${process.execPath}' '${MAIN}' `);
  assert.match(execFileSync('sh', ['-c', `${line} --dry-run`], { encoding: 'utf8' }), /^Fitted on \d+ days/);
});

const compiled = { kind: 'left-on' } as const;
const learned = { file: 'models/home.json', generation: null, compiled };
const files = { db: 'lefton.db', readings: true };

test('a line has the files of the service, each as one word', () => {
  assert.equal(
    refitLine(learned, 'home', files),
    'npx lefton refit --db lefton.db --model models/home.json --meter home',
  );
  assert.equal(
    refitLine({ ...learned, file: "our models/o'home.json" }, 'Haus $1', { ...files, db: 'a b.db' }),
    "npx lefton refit --db 'a b.db' --model 'our models/o'\\''home.json' --meter 'Haus $1'",
  );
});

test('where no readings are kept a line asks for an export', () => {
  assert.match(
    refitLine(learned, 'home', { ...files, readings: false }) ?? '',
    /refit --csv export\.csv --db/,
  );
});

test('for a table of a person, and a model of a fleet, there is no line', () => {
  const table = { ...learned, compiled: { kind: 'min-max' } } as const;
  assert.equal(refitLine(table, 'home', files), null);
  assert.equal(refitLine({ ...learned, generation: 3 }, 'home', files), null);
});
