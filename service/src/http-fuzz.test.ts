import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { aService, until } from './a-service.test-data.ts';

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

const PATHS = [
  'readings',
  'score',
  'expected',
  'episodes',
  'mute',
  'model',
  'meters',
  'episodes/x/feedback',
  'try',
  'history',
  'history/bytes',
  'history/choices',
  'history/cancel',
  'nothing',
];
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
  'text/csv',
  'text/plain',
  'application/json; charset=klingon',
  'multipart/form-data',
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
];

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

function somePath(chance: Chance): string {
  if (chance.below(6) === 0) return `/${encodeURI(chance.bytes(40).toString('latin1'))}`;
  const query = Array.from(
    { length: chance.below(4) },
    () => `${chance.pick(KEYS)}${chance.pick(['', '[]', '[a]'])}=${encodeURIComponent(chance.pick(TEXTS))}`,
  );
  const cut = chance.below(8) === 0 ? '%E0%A4%A' : '';
  return `/api/${chance.pick(PATHS)}${cut}?${query.join('&')}`;
}

/** The status of a well-formed request with senseless content; 0 when the connection was cut. */
function askSenseless(url: string, agent: Agent, chance: Chance): Promise<number> {
  const method = chance.pick(METHODS);
  const headers = { 'content-type': chance.pick(TYPES) };
  return new Promise((resolve) => {
    const request = httpRequest(`${url}${somePath(chance)}`, { agent, method, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
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

describe('senseless requests', () => {
  it(`${RUNS} of them neither stop the service nor make it say that it failed`, async (t) => {
    const service = await aService(t);
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
    t.after(() => {
      agent.destroy();
    });
    const chance = new Chance(41);
    const statuses = new Map<number, number>();
    for (let run = 0; run < RUNS; run += AT_ONCE) {
      const batch = Array.from({ length: AT_ONCE }, async (_, i) => {
        if (i % 4 === 0) {
          const answer = await sendRubbish(service.url, chance);
          assert.doesNotMatch(answer, /^HTTP\/1\.1 5/);
          return;
        }
        const status = await askSenseless(service.url, agent, chance);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      });
      await Promise.all(batch);
    }
    t.diagnostic(JSON.stringify(Object.fromEntries(statuses)));
    for (const status of statuses.keys()) assert.ok(status < 500, `${status}`);
    assert.equal((await fetch(`${service.url}/healthz`)).status, 200);
    const at = '2027-01-05T00:00:00Z';
    const before = service.metrics.readings.get({ verdict: 'ok' });
    const init = { method: 'POST', headers: { 'content-type': 'text/csv' }, body: `${at},150,fuzzed` };
    assert.equal((await fetch(`${service.url}/api/readings`, init)).status, 200);
    await until(
      'it still scores',
      () => service.metrics.readings.get({ verdict: 'ok' }) > before || isFuture(service),
    );
  });
});

const isFuture = ({
  metrics,
}: {
  metrics: { readings: { get(labels: { verdict: string }): number } };
}): boolean => metrics.readings.get({ verdict: 'future' }) > 0;
