import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { anImage, copyOf, dockerfiles, instructionsOf, sent, stagesOf } from './a-dockerfile.test-data.ts';
import type { Stage } from './a-dockerfile.test-data.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const INSTALLS = /\b(?:npm (?:ci|i|install)|pip3? install|apt-get)\b/;

function lastOf(stages: readonly Stage[]): Stage {
  const last = stages.at(-1);
  assert.ok(last !== undefined);
  return last;
}

/** What the image starts, with other words for its command. */
function started(dockerfile: string, folder: string, args: readonly string[], input = ''): string {
  const [entry = '[]'] = instructionsOf(lastOf(stagesOf(dockerfile)), 'ENTRYPOINT');
  const [node, ...words] = JSON.parse(entry) as string[];
  assert.equal(node, 'node');
  const { PATH } = process.env;
  const run = spawnSync(process.execPath, [...words, ...args], {
    cwd: folder,
    env: { PATH, NODE_ENV: 'production' },
    encoding: 'utf8',
    input,
    timeout: 30_000,
  });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}

for (const dockerfile of dockerfiles()) {
  const stages = stagesOf(dockerfile);
  const last = lastOf(stages);
  const copies = stages.flatMap((stage) => instructionsOf(stage, 'COPY')).map(copyOf);

  test(`${dockerfile} copies what is there`, () => {
    const names = stages.map(({ name }) => name);
    const missing = copies.flatMap(({ from, sources }) =>
      from === undefined ? sources.filter((path) => !existsSync(join(root, path))) : [],
    );
    assert.deepEqual(missing, []);
    for (const { from } of copies) if (from !== undefined) assert.ok(names.includes(from), from);
  });

  test(`${dockerfile} installs in stages of their own, and holds what is for production only`, () => {
    const own = instructionsOf(last, 'RUN').filter((command) => INSTALLS.test(command));
    assert.deepEqual(own, []);
    const held = instructionsOf(last, 'COPY')
      .map(copyOf)
      .filter(({ sources }) => sources.some((path) => /^\/lefton(?:\/.*node_modules)?$/.test(path)))
      .flatMap(({ from }) => stages.filter(({ name }) => name === from))
      .flatMap((stage) => instructionsOf(stage, 'RUN'));
    assert.notEqual(held.length, 0);
    for (const command of held) assert.match(command, /^npm ci --omit=dev\b/);
  });

  test(`${dockerfile} runs as somebody who is not root`, () => {
    const user = instructionsOf(last, 'USER').at(-1);
    assert.ok(user !== undefined && !/^(?:root|0)\b/.test(user), `USER ${String(user)}`);
  });

  test(`${dockerfile} names the Node of package.json, and no image that changes by itself`, () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: { readonly node: string };
    };
    const [major = ''] = dependencies.node.split('.');
    for (const { base } of stages.filter(({ base }) => !stages.some(({ name }) => name === base))) {
      assert.match(base, /:(?!latest$)/);
      if (base.startsWith('node:')) assert.ok(base.startsWith(`node:${major}-`), base);
    }
  });
}

/** A file for which a pattern of git is meant: of its people, or made on this machine. */
const ignoredBy = (pattern: string): string =>
  `${pattern.replace(/^\//, '').replaceAll('*', 'x')}${pattern.endsWith('/') ? 'file' : ''}`;

test('no image holds what git ignores: models, notebooks and databases of who builds it', () => {
  const patterns = readFileSync(join(root, '.gitignore'), 'utf8').trimEnd().split('\n');
  const ignored = patterns.filter((pattern) => !pattern.startsWith('!')).map(ignoredBy);
  const below = ignored.filter((path) => !path.includes('/')).map((path) => `service/${path}`);
  assert.deepEqual([...ignored, ...below].filter(sent), []);
  const kept = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  assert.deepEqual(
    kept.filter((path) => !sent(path)),
    [],
  );
});

test('all that git has of what is copied is there to copy', () => {
  const copied = dockerfiles()
    .flatMap(stagesOf)
    .flatMap((stage) => instructionsOf(stage, 'COPY'))
    .map(copyOf)
    .filter(({ from }) => from === undefined)
    .flatMap(({ sources }) => sources);
  const { stdout } = spawnSync('git', ['ls-files', '--', ...copied], { cwd: root, encoding: 'utf8' });
  assert.deepEqual(
    stdout
      .trimEnd()
      .split('\n')
      .filter((path) => !sent(path)),
    [],
  );
});

test('what service/Dockerfile installs and copies is enough to score', (t) => {
  const folder = anImage(t, 'service/Dockerfile');
  const asked = ['score', '--model', 'models/august-2018.json', '--hour', '4', '--watts', '1500', '--json'];
  const score = JSON.parse(started('service/Dockerfile', folder, asked)) as Record<string, unknown>;
  assert.equal(typeof score.score, 'number');
  for (const command of ['serve', 'fit', 'capture', 'topics', 'import', 'backtest', 'check'])
    assert.match(started('service/Dockerfile', folder, [command, '--help']), /^Usage: lefton /);
  assert.deepEqual(
    globSync('**/{typescript,eslint,prettier,kafkajs}/package.json', { cwd: join(folder, 'node_modules') }),
    ['kafkajs/package.json'],
  );
});

test('what pi/Dockerfile installs and copies is enough to forward', (t) => {
  const folder = anImage(t, 'pi/Dockerfile');
  assert.match(started('pi/Dockerfile', folder, ['--help']), /^Brings readings from standard input/);
  assert.equal(started('pi/Dockerfile', folder, ['--to', 'http://127.0.0.1:9'], '\n'), '');
  const heavy = '{typescript,express,kafkajs,avsc,zod}/package.json';
  assert.deepEqual(globSync(heavy, { cwd: join(folder, 'node_modules') }), []);
});
