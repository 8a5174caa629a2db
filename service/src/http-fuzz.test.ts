import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aService, until } from './a-service.test-data.ts';
import type { RunningService } from './a-service.test-data.ts';

/** More by hand: FUZZ_RUNS=100000 node --test service/src/http-fuzz.test.ts */
const RUNS = Number(process.env.FUZZ_RUNS ?? 1_500);
const AT_ONCE = 20;

/** Seeded, so that a failing run can be run again. */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    assert.ok(choice !== undefined);
    return choice;
  }

  bytes(longest: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(longest) }, () => this.below(256)));
  }
}

const TOKEN = 'a-secret-of-some-length';
const KEYS = [
  'at',
  'watts',
  'meter',
  'energy_wh',
  'from',
  'to',
  'points',
  'hour',
  'label',
  'until',
  'alert_at',
  'name',
  'size',
  'take',
  'false_alarms_per_month',
  '__proto__',
  'x',
];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];
const TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'text/csv',
  'text/plain',
  'application/json; charset=klingon',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  '',
];
const TEXTS = [
  '2026-01-05T00:00:00Z',
  '9999999-01-01',
  'home',
  '',
  '%',
  '%00',
  '-1',
  '1e999',
  'null',
  '💡',
  "'--",
  '../..',
  TOKEN,
];
/** What stands in front of a path where somebody guesses, or a proxy is wrong. */
const PREFIXES = [
  '',
  '',
  '',
  '',
  '',
  '/',
  '//',
  '/api/hassio_ingress/abc',
  '/..',
  '/%2e%2e',
  '/web',
  '/login',
];
/** Each is sent now and then; what the guard looks at, and what changes how a body or an answer is read. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  host: [
    'localhost',
    '',
    'evil.example',
    '[::1',
    '[::1]:1',
    '1.2.3.4:x',
    ':',
    'a'.repeat(5_000),
    'localhost:99999',
  ],
  origin: ['null', 'http://localhost', 'http://', 'https://[', '//', 'http://evil.example:99999'],
  'sec-fetch-site': ['same-origin', 'cross-site', 'none', 'x'],
  'sec-fetch-mode': ['navigate', 'cors', ''],
  cookie: [
    '',
    'lefton_session',
    'lefton_session=',
    `lefton_session=${'A'.repeat(43)}`,
    `lefton_session=${'%'.repeat(43)}`,
    '=;=;;',
    `x=${'y'.repeat(9_000)}`,
  ],
  authorization: [`Bearer ${TOKEN}`, 'Bearer', 'Bearer  ', 'Basic eDp5', TOKEN],
  accept: ['text/html', '*/*', 'x', '', 'text/html;q=x', 'application/json'],
  'x-ingress-path': ['/api/hassio_ingress/abc', '', '//evil.example'],
  'x-forwarded-host': ['evil.example', '', '['],
  'x-forwarded-proto': ['https', 'x'],
  'x-forwarded-for': ['1.2.3.4, x', ''],
  'last-event-id': ['0', '-1', 'x', '9'.repeat(30)],
  'content-encoding': ['gzip', 'br', 'x'],
  expect: ['100-continue'],
  range: ['bytes=0-', 'bytes=-1'],
  'if-none-match': ['*', '"x"'],
};

/** JSON of any shape, with our own names in it now and then. */
function someJson(chance: Chance, depth = 0): unknown {
  switch (chance.below(depth > 3 ? 5 : 8)) {
    case 0:
      return chance.pick([0, -0, 1e308, -1, 12.5, 2 ** 53, 1_767_571_200_000]);
    case 1:
      return chance.pick(TEXTS);
    case 2:
      return chance.pick([true, false, null]);
    case 3:
      return chance.bytes(20).toString('latin1');
    case 4:
      return chance.next();
    case 5:
      return Array.from({ length: chance.below(6) }, () => someJson(chance, depth + 1));
    default: {
      const keys = Array.from({ length: chance.below(6) }, () => chance.pick(KEYS));
      return Object.fromEntries(keys.map((key) => [key, someJson(chance, depth + 1)]));
    }
  }
}

function someBody(chance: Chance): Buffer {
  const json = JSON.stringify(someJson(chance));
  switch (chance.below(4)) {
    case 0:
      return chance.bytes(300);
    case 1:
      return Buffer.from(json.slice(0, chance.below(json.length + 1)));
    case 2:
      return Buffer.from(
        `at,watts\n${chance.pick(TEXTS)},${chance.pick(TEXTS)}\n${chance.bytes(40).toString('latin1')}`,
      );
    default:
      return Buffer.from(json);
  }
}

function somePath(chance: Chance, paths: readonly string[]): string {
  if (chance.below(8) === 0) return `/${encodeURI(chance.bytes(40).toString('latin1'))}`;
  const path = chance.pick(paths).replaceAll(/\{\w+\}/g, () => encodeURIComponent(chance.pick(TEXTS)));
  const query = Array.from(
    { length: chance.below(4) },
    () => `${chance.pick(KEYS)}${chance.pick(['', '[]', '[a]'])}=${encodeURIComponent(chance.pick(TEXTS))}`,
  );
  const cut = chance.below(8) === 0 ? '%E0%A4%A' : '';
  const prefix = chance.below(6) === 0 ? chance.pick(PREFIXES) : '';
  return `${prefix}${path}${cut}?${query.join('&')}`;
}

function someHeaders(chance: Chance): Record<string, string> {
  const names = Object.keys(HEADERS).filter(() => chance.below(8) === 0);
  return Object.fromEntries(names.map((name) => [name, chance.pick(HEADERS[name] ?? [])]));
}

/** The status of a well-formed request with senseless content; 0 when the connection was cut. */
function askSenseless(url: string, agent: Agent, chance: Chance, paths: readonly string[]): Promise<number> {
  const method = chance.pick(METHODS);
  const headers = { 'content-type': chance.pick(TYPES), ...someHeaders(chance) };
  return new Promise((resolve) => {
    const request = httpRequest(
      url,
      { agent, method, headers, path: somePath(chance, paths) },
      (response) => {
        const status = response.statusCode ?? 0;
        response.resume();
        response.on('close', () => {
          resolve(status);
        });
        // a stream of events does not end by itself
        if (response.headers['content-type']?.startsWith('text/event-stream') === true) response.destroy();
      },
    );
    request.on('error', () => {
      resolve(0);
    });
    request.end(method === 'GET' || method === 'HEAD' ? undefined : someBody(chance));
  });
}

/** Bytes that are no request, or almost one, straight at the socket; resolves with what came back. */
async function sendRubbish(url: string, chance: Chance): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const answer: Buffer[] = [];
  socket.on('data', (chunk) => answer.push(chunk));
  socket.on('error', () => undefined);
  const close = once(socket, 'close');
  const start = chance.pick(['', 'GET / HTTP/1.1\r\n', 'POST /api/readings HTTP/1.1\r\nHost: localhost\r\n']);
  const middle = chance.pick([
    '',
    'Content-Length: 5\r\n\r\n',
    'Transfer-Encoding: chunked\r\n\r\n',
    '\u0000',
  ]);
  socket.end(Buffer.concat([Buffer.from(start + middle), chance.bytes(200)]));
  await close;
  return Buffer.concat(answer).toString('latin1');
}

/** Sends them; how often each status came. */
async function fuzz(
  t: TestContext,
  service: RunningService,
  token: string,
  seed: number,
): Promise<Set<number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  t.after(() => {
    agent.destroy();
  });
  const headers = { authorization: `Bearer ${token}` };
  const document = await (await fetch(`${service.url}/api/openapi.json`, { headers })).json();
  const paths = ['/nothing', ...Object.keys((document as { paths: object }).paths)];
  const chance = new Chance(seed);
  const statuses = new Map<number, number>();
  for (let run = 0; run < RUNS; run += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, async (_, i) => {
      if (i % 4 === 0) {
        assert.doesNotMatch(await sendRubbish(service.url, chance), /^HTTP\/1\.1 5/);
        return;
      }
      const status = await askSenseless(service.url, agent, chance, paths);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    });
    await Promise.all(batch);
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(statuses)));
  for (const status of statuses.keys()) assert.ok(status < 500, `${status}`);
  return new Set(statuses.keys());
}

/** A service that has been through it still takes a reading and scores it. */
async function stillWorks({ url, metrics }: RunningService, token: string): Promise<void> {
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  const scored = (): number =>
    metrics.readings.get({ verdict: 'ok' }) + metrics.readings.get({ verdict: 'future' });
  const before = scored();
  const headers = { 'content-type': 'text/csv', authorization: `Bearer ${token}` };
  const init = { method: 'POST', headers, body: '2027-01-05T00:00:00Z,150,fuzzed' };
  assert.equal((await fetch(`${url}/api/readings`, init)).status, 200);
  await until('it still scores', () => scored() > before);
}

describe(`${RUNS} senseless requests neither stop the service nor make it say that it failed`, () => {
  it('where everything is open', async (t) => {
    const service = await aService(t);
    const statuses = await fuzz(t, service, '', 41);
    for (const status of [200, 400, 403, 404, 405, 421]) assert.ok(statuses.has(status), `${status} was met`);
    await stillWorks(service, '');
  });

  it('where a token is needed, and Home Assistant comes without one', async (t) => {
    const service = await aService(t, { token: TOKEN, ingress_from: '127.0.0.1' });
    const statuses = await fuzz(t, service, TOKEN, 42);
    for (const status of [200, 401, 403, 421]) assert.ok(statuses.has(status), `${status} was met`);
    assert.ok(!service.logged.join('').includes(TOKEN));
    assert.equal((await fetch(`${service.url}/healthz`)).status, 200);
  });
});
