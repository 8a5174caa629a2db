import { LeftOnError } from '@lefton/core';
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { inspect } from 'node:util';
import { answer, aRegistry } from './a-registry.test-data.ts';
import type { Answer, TestRegistry } from './a-registry.test-data.ts';
import { RegistrySchemaIds } from './registry.ts';
import { DEMO, READING_VERSIONS, schemaOf } from './schema-file.ts';

const [v1, v2] = READING_VERSIONS.map(schemaOf);
const [V1, V2] = [v1 ?? '', v2 ?? ''];

/** The client of a registry, and the clock that it takes for now. */
function clientOf({ url }: TestRegistry, auth: string | null = null, timeoutMs = 5_000) {
  const clock = { ms: 0 };
  return { clock, ids: new RegistrySchemaIds({ url, auth, timeoutMs }, () => clock.ms) };
}

async function aClient(t: TestContext) {
  const registry = await aRegistry(t);
  return { registry, ...clientOf(registry) };
}

const away = { code: 'registry_away', faultClass: 'transient' } as const;
const refused = { code: 'registry_refused', faultClass: 'fatal' } as const;

/** Ends an answer of a status with any text. */
const saying =
  (status: number, body: string, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, headers).end(body);
  };

describe('an id of a registry', () => {
  it('is asked for once, however often it is learnt', async (t) => {
    const { registry, ids, clock } = await aClient(t);
    registry.schemas.set(7, V1);
    assert.equal(ids.known(7), undefined);
    await Promise.all([ids.learn(7), ids.learn(7), ids.learn(7)]);
    clock.ms += 1e9;
    await ids.learn(7);
    assert.deepEqual(ids.known(7), { known: true, schema: V1 });
    assert.deepEqual(registry.asked, ['GET /schemas/ids/7']);
  });

  it('that the registry does not know is asked for again after a minute', async (t) => {
    const { registry, ids, clock } = await aClient(t);
    await ids.learn(8);
    assert.deepEqual(ids.known(8), { known: false, why: 'the registry does not know it' });
    clock.ms = 59_999;
    await ids.learn(8);
    assert.equal(registry.asked.length, 1);
    registry.schemas.set(8, V2);
    clock.ms = 60_000;
    assert.equal(ids.known(8), undefined);
    await ids.learn(8);
    assert.deepEqual(ids.known(8), { known: true, schema: V2 });
    assert.equal(registry.asked.length, 2);
  });

  it('is unknown too where the registry says that a subject or version is not found', async (t) => {
    const { registry, ids } = await aClient(t);
    for (const error_code of [40_401, 40_402]) {
      registry.instead = (response) => {
        answer(response, 404, { error_code, message: 'No artifact' });
      };
      await ids.learn(error_code);
      assert.equal(ids.known(error_code)?.known, false);
    }
  });

  it('may be any of 31 bits, and what is larger is not asked for', async (t) => {
    const { registry, ids } = await aClient(t);
    registry.schemas.set(2 ** 31 - 1, V2);
    await ids.learn(2 ** 31 - 1);
    assert.equal(ids.known(2 ** 31 - 1)?.known, true);
    await ids.learn(2 ** 31);
    assert.deepEqual(ids.known(2 ** 31), { known: false, why: 'no registry has ids as large' });
    assert.equal(registry.asked.length, 1);
  });

  it('with a schema that is longer than any of a reading stands for nothing', async (t) => {
    const { registry, ids } = await aClient(t);
    for (const length of [65_537, 300_000]) {
      registry.schemas.set(length, 'x'.repeat(length));
      await ids.learn(length);
      assert.deepEqual(ids.known(length), { known: false, why: 'its schema is longer than 64 KB' });
    }
    registry.schemas.set(1, '"'.repeat(65_536));
    await ids.learn(1);
    assert.equal(ids.known(1)?.known, true);
  });

  it('is learnt below a path, with user and password', async (t) => {
    const registry = await aRegistry(t, { path: '/apis/ccompat/v7', auth: 'user:pass:wörd@' });
    registry.schemas.set(7, V1);
    const slash = clientOf({ ...registry, url: `${registry.url}/` }, 'user:pass:wörd@');
    await slash.ids.learn(7);
    assert.equal(slash.ids.known(7)?.known, true);
    const inUrl = registry.url.replace('://', '://user:pass%3Aw%C3%B6rd%40@');
    const { ids } = clientOf({ ...registry, url: inUrl });
    await ids.learn(7);
    assert.equal(ids.known(7)?.known, true);
    assert.deepEqual(new Set(registry.asked), new Set(['GET /apis/ccompat/v7/schemas/ids/7']));
  });
});

describe('a schema that is written', () => {
  it('gets an id below its subject, the same each time, and need not be asked for', async (t) => {
    const { registry, ids } = await aClient(t);
    const id = await ids.writer(V1);
    assert.equal(await ids.writer(V1), id);
    assert.notEqual(await ids.writer(V2), id);
    assert.deepEqual(ids.known(id), { known: true, schema: V1 });
    assert.deepEqual(new Set(registry.asked), new Set(['POST /subjects/raw_power-value/versions']));
  });

  it('is refused where it does not go with the ones before, with what to do', async (t) => {
    const { ids } = await aClient(t);
    await ids.writer(schemaOf(DEMO));
    await assert.rejects(ids.writer(V2), {
      ...refused,
      message: /give it another subject, or set its compatibility, found HTTP 409, 409 Schema being/,
    });
  });

  it('is refused by the registry where it is no schema', async (t) => {
    const { ids } = await aClient(t);
    await assert.rejects(ids.writer('{"type":"recrod"}'), {
      ...refused,
      found: 'HTTP 422, 42201 Invalid schema',
    });
  });

  it('is refused where the answer has no id', async (t) => {
    const { registry, ids } = await aClient(t);
    for (const body of [{}, { id: -1 }, { id: 1.5 }, { id: '7' }, { id: 2 ** 31 }, [], null, 7]) {
      registry.instead = (response) => {
        answer(response, 200, body);
      };
      await assert.rejects(ids.writer(V2), { ...refused, found: 'HTTP 200 without an id' });
    }
  });
});

describe('a registry that is away', () => {
  const LATER: readonly (readonly [string, Answer, RegExp])[] = [
    ['answers 500', saying(500, '{"error_code":50001}'), /HTTP 500/],
    ['answers 502 with a page', saying(502, '<html>'), /HTTP 502/],
    ['answers 503', saying(503, ''), /HTTP 503/],
    ['answers 429', saying(429, '{}', { 'retry-after': '5' }), /HTTP 429/],
    ['answers 408', saying(408, ''), /HTTP 408/],
    ['hangs up', (response) => response.destroy(), /UND_ERR_SOCKET|ECONNRESET/],
    ['hangs up in the middle', cutShort, /UND_ERR_SOCKET|ECONNRESET/],
    ['does not answer', () => undefined, /none in time/],
    ['does not end its answer', (response) => response.writeHead(200).write('{'), /none in time/],
  ];
  for (const [what, instead, found] of LATER) {
    it(`is asked again when it ${what}`, async (t) => {
      const registry = await aRegistry(t);
      registry.schemas.set(7, V1);
      const { ids } = clientOf(registry, null, what.includes('not') ? 50 : 5_000);
      registry.instead = instead;
      await assert.rejects(ids.learn(7), { ...away, found });
      await assert.rejects(ids.writer(V2), { ...away, found });
      assert.equal(ids.known(7), undefined);
      registry.instead = undefined;
      await ids.learn(7);
      assert.equal(ids.known(7)?.known, true);
    });
  }

  it('is asked again when nobody listens', async (t) => {
    const registry = await aRegistry(t);
    const { ids } = clientOf(registry);
    registry.stop();
    await assert.rejects(ids.learn(7), { ...away, found: 'ECONNREFUSED' });
  });
});

function cutShort(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write('{"schema":', () => response.destroy());
}

describe('what is no registry, or does not let us in', () => {
  const FOR_EVER: readonly (readonly [string, Answer, RegExp, RegExp])[] = [
    [
      'a page',
      saying(200, '<html>', { 'content-type': 'text/html' }),
      /check the URL/,
      /HTTP 200 without JSON/,
    ],
    ['an endless page', saying(200, 'x'.repeat(300_000)), /check the URL/, /HTTP 200 without JSON/],
    ['nothing', saying(200, ''), /check the URL/, /HTTP 200 without JSON/],
    ['another JSON', saying(200, '{"status":"ok"}'), /ccompat/, /HTTP 200 without/],
    ['a schema that is no text', saying(200, '{"schema":{}}'), /check the URL/, /HTTP 200 without/],
    ['another path', saying(404, '{"error_code":404,"message":"HTTP 404"}'), /ccompat/, /HTTP 404 without/],
    ['a page that is not found', saying(404, 'Not Found'), /ccompat/, /HTTP 404 without JSON/],
    ['no user', saying(401, '{"error_code":401}'), /check user and password/, /HTTP 401/],
    ['not this user', saying(403, ''), /check user and password/, /HTTP 403/],
    ['400', saying(400, '{"error_code":400,"message":"a\\u0000\\nb"}'), /request/, /^HTTP 400, 400 a b$/],
    ['418', saying(418, '[]'), /request/, /^HTTP 418, no reason$/],
    [
      'a redirect',
      saying(301, '', { location: 'https://u:p@there.example/registry?token=t0p' }),
      /set the URL/,
      /^HTTP 301 to https:\/\/there\.example\/registry$/,
    ],
    ['a redirect to nowhere', saying(302, ''), /set the URL/, /HTTP 302/],
  ];
  for (const [what, instead, expected, found] of FOR_EVER) {
    it(`${what} is an error that stops, and says what to do`, async (t) => {
      const { registry, ids } = await aClient(t);
      registry.instead = instead;
      await assert.rejects(ids.learn(7), { ...refused, expected, found });
      await assert.rejects(ids.writer(V2), { ...refused, expected, found });
      assert.equal(ids.known(7), undefined);
      // a redirect is not followed
      assert.equal(registry.asked.length, 2);
    });
  }
});

describe('user and password', () => {
  const USER = 'left-on-reader';
  const PASSWORD = 's3cr3t pass';

  it('are in no error, whatever the registry answers', async (t) => {
    const registry = await aRegistry(t);
    const inUrl = registry.url.replace('://', `://${USER}:${encodeURIComponent(PASSWORD)}@`);
    const echo: Answer = (response, { headers }) => {
      const given = Buffer.from(headers.authorization?.slice(6) ?? '', 'base64').toString();
      const location = `http://x.example/${encodeURIComponent(given)}`;
      const message = `${'x'.repeat(190 - USER.length)}${given} ${headers.authorization ?? ''}`;
      response.writeHead(statuses[0] ?? 200, { location });
      response.end(JSON.stringify({ error_code: 40_999, message }));
    };
    const statuses = [200, 301, 400, 401, 404, 409, 422, 500];
    registry.instead = echo;
    for (; statuses.length > 0; statuses.shift()) {
      for (const [url, auth] of [
        [registry.url, `${USER}:${PASSWORD}`],
        [inUrl, null],
      ] as const) {
        const { ids } = clientOf({ ...registry, url }, auth);
        for (const failing of [ids.learn(7), ids.writer(V2)]) {
          const error = await failing.then(
            () => assert.fail('it should have failed'),
            (reason: unknown) => reason,
          );
          assert.ok(error instanceof LeftOnError);
          assertSilent(`${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)}`);
        }
      }
    }
  });

  it('are in no error about a URL that is not right, nor in one about nobody there', async (t) => {
    for (const url of [
      `${USER}:${PASSWORD}@registry`,
      `ftp://${USER}:${encodeURIComponent(PASSWORD)}@registry`,
      `http://${USER}:${encodeURIComponent(PASSWORD)}@regi stry`,
      `http://${USER}:${encodeURIComponent(PASSWORD)}%zz@registry`,
    ]) {
      assert.throws(
        () => new RegistrySchemaIds({ url, auth: null }, () => 0),
        (error: unknown) => {
          assert.ok(error instanceof LeftOnError);
          assert.equal(error.code, 'bad_registry_url');
          assertSilent(inspect(error, { showHidden: true }));
          return true;
        },
      );
    }
    const registry = await aRegistry(t, { path: '/path' });
    const inUrl = registry.url.replace('://', `://${USER}:${encodeURIComponent(PASSWORD)}@`);
    const { ids } = clientOf({ ...registry, url: inUrl });
    registry.stop();
    const error: unknown = await ids.learn(7).catch((reason: unknown) => reason);
    assert.ok(error instanceof LeftOnError);
    assert.equal(error.place, `schema registry ${registry.url}`);
    assertSilent(inspect(error, { showHidden: true }));
  });

  function assertSilent(text: string): void {
    for (const secret of [USER, PASSWORD, encodeURIComponent(PASSWORD)])
      assert.ok(!text.includes(secret), text);
  }
});
