import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { composeFile, composeServices } from './a-compose-file.test-data.ts';
import { dockerfiles } from './a-dockerfile.test-data.ts';

const TOKEN = 'made-up-for-the-tests';
const { PATH, HOME, REQUIRE_KAFKA } = process.env;

/** Why docker-compose is not asked; false where it is. With REQUIRE_KAFKA nothing may be skipped. */
const skip =
  REQUIRE_KAFKA === undefined && spawnSync('docker-compose', ['version']).status !== 0
    ? 'docker-compose checks the file: apt-get install docker-compose'
    : false;

/** `docker-compose config`, with nothing of the machine's own environment. */
function config(profiles: readonly string[], env: Record<string, string>, ...more: string[]) {
  const asked = profiles.flatMap((name) => ['--profile', name]);
  const args = ['-f', composeFile, '--env-file', noSettings, ...asked, 'config', ...more];
  const run = spawnSync('docker-compose', args, {
    env: { PATH, HOME, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(run.error, undefined);
  return run;
}

// in place of a file .env that somebody keeps for the demo
const folder = mkdtempSync(join(tmpdir(), 'lefton-compose-'));
const noSettings = join(folder, 'empty.env');
writeFileSync(noSettings, '');
after(() => {
  rmSync(folder, { recursive: true });
});

/** All text of the file, with the place where it stands. */
function* texts(value: unknown, place: string): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [place, value];
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) yield* texts(inner, `${place}.${key}`);
}

const profiles = [...new Set(Object.values(composeServices).flatMap((each) => each.profiles ?? []))];

describe('docker-compose.yml', () => {
  for (const chosen of [[], ...profiles.map((name) => [name])]) {
    it(`is right with ${chosen.length === 0 ? 'no profile' : chosen.join(' and ')}`, { skip }, () => {
      const { status, stderr } = config(chosen, { LEFTON_TOKEN: TOKEN }, '--quiet');
      assert.equal(status, 0, stderr);
    });
  }

  it('is refused without a token, by the name of the variable', { skip }, () => {
    for (const env of [{}, { LEFTON_TOKEN: '' }]) {
      const { status, stderr } = config([], env, '--quiet');
      assert.notEqual(status, 0);
      assert.match(stderr, /LEFTON_TOKEN/);
    }
  });

  it('asks for nothing but the token', () => {
    const asked = [...texts(composeServices, 'services')].flatMap(([, text]) =>
      [...text.matchAll(/(?<!\$)\$\{?(\w+)/g)].map(([, name]) => name),
    );
    assert.deepEqual([...new Set(asked)], ['LEFTON_TOKEN']);
  });

  it('holds no secret, and no default of one', () => {
    const secret = /token|password|passwd|secret|api_?key/i;
    const given = [...texts(composeServices, 'services')].filter(
      // a variable's name, which a shell in the container writes into a file
      ([place, text]) =>
        secret.test(place) || secret.test(text.replaceAll('$$LEFTON_TOKEN', '').replace('lefton.token', '')),
    );
    assert.ok(given.length > 0);
    for (const [place, text] of given) assert.match(text, /^\$\{LEFTON_TOKEN:\?[^}]+\}$/, place);
  });

  it('publishes its ports on this machine only', () => {
    const ports = Object.values(composeServices).flatMap((each) => each.ports ?? []);
    assert.ok(ports.length > 0);
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:/);
  });

  it('builds from Dockerfiles that are there', () => {
    const built = Object.values(composeServices).flatMap(({ build }) => build?.dockerfile ?? []);
    assert.ok(built.length > 0);
    for (const file of built) assert.ok(dockerfiles().includes(file), file);
  });
});
