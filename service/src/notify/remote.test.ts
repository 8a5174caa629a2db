import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { inspect } from 'node:util';
import { until } from '../a-service.test-data.ts';
import { DeliveryError } from '../channel.ts';
import {
  answer,
  aWebServer,
  cutting,
  flooding,
  hanging,
  saying,
  sending,
  stalling,
} from './a-web-server.test-data.ts';
import { exchange } from './exchange.ts';
import { Remote } from './remote.ts';

const NOW = Date.UTC(2026, 2, 24);

function remoteOf(t: TestContext, url: string, more: { idempotent?: boolean; timeoutMs?: number } = {}) {
  const settings = { channel: 'webhook', title: 'webhook', entry: 'check the secret', secrets: [] } as const;
  const remote = new Remote({ ...settings, url, idempotent: false, timeoutMs: 5_000, ...more });
  t.after(() => remote.close());
  return remote;
}

const post = { method: 'POST', body: '{}' } as const;
/** What DeliveryErrors are compared by. */
const away = (found: string, doubtful: boolean) => ({
  code: 'webhook_away',
  faultClass: 'transient',
  found,
  doubtful,
});

describe('a server that', () => {
  it('accepts and never answers is away when its time is over, in doubt unless repeating does no harm', async (t) => {
    const server = await aWebServer(t, hanging);
    await assert.rejects(remoteOf(t, server.url, { timeoutMs: 500 }).ask(post), away('none in time', true));
    const idempotent = remoteOf(t, server.url, { timeoutMs: 500, idempotent: true });
    await assert.rejects(idempotent.ask(post), away('none in time', false));
    await until('no connection is left', () => server.sockets.size === 0);
  });

  it('answers a head and stalls is judged by its head', async (t) => {
    const server = await aWebServer(t, stalling(401));
    const remote = remoteOf(t, server.url, { timeoutMs: 1_000 });
    const { status, flaw, json } = await remote.ask(post);
    assert.deepEqual({ status, flaw, json }, { status: 401, flaw: 'none in time', json: undefined });
    await until('no connection is left', () => server.sockets.size === 0);
  });

  it('ends the connection in the middle of an answer is judged by its head', async (t) => {
    const server = await aWebServer(t, cutting(200));
    const { status, flaw, text } = await remoteOf(t, server.url).ask(post);
    assert.deepEqual({ status, flaw, text }, { status: 200, flaw: 'cut off', text: '{"iden":"' });
  });

  it('ends the connection before an answer may have had the request', async (t) => {
    const server = await aWebServer(t, sending(''));
    await assert.rejects(remoteOf(t, server.url).ask(post), away('ECONNRESET', true));
  });

  it('does not speak HTTP is away', async (t) => {
    const server = await aWebServer(t, sending('SSH-2.0-OpenSSH_9.6\r\n'));
    await assert.rejects(remoteOf(t, server.url).ask(post), {
      code: 'webhook_away',
      faultClass: 'transient',
    });
  });

  it('switches the protocol is away', async (t) => {
    const switched = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n';
    const server = await aWebServer(t, sending(switched));
    await assert.rejects(remoteOf(t, server.url).ask(post), { code: 'webhook_away' });
  });

  it('goes on and on with informational heads is away when its time is over', async (t) => {
    const server = await aWebServer(t, (_asked, { socket }) => {
      const more = (): void => {
        if (socket?.destroyed === false)
          socket.write('HTTP/1.1 102 Processing\r\n\r\n', () => setImmediate(more));
      };
      more();
    });
    await assert.rejects(remoteOf(t, server.url, { timeoutMs: 500 }).ask(post), away('none in time', true));
    await until('no connection is left', () => server.sockets.size === 0);
  });

  it('sends a head without end is away', async (t) => {
    const server = await aWebServer(t, sending(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1e6)}`));
    await assert.rejects(remoteOf(t, server.url).ask(post), away('HPE_HEADER_OVERFLOW', true));
  });

  it('sends a gigabyte is read for 64 kB', async (t) => {
    const { reply, sent } = flooding(200);
    const server = await aWebServer(t, reply);
    const { status, flaw, text } = await remoteOf(t, server.url).ask(post);
    assert.deepEqual([status, flaw], [200, 'longer than 64 kB']);
    assert.ok(text.length <= 64 * 1024);
    await until('no connection is left', () => server.sockets.size === 0);
    // the system's own buffers
    assert.ok(sent() < 32e6, `${sent()} bytes`);
  });

  it('does not listen has had nothing', async (t) => {
    const server = await aWebServer(t, hanging);
    server.stop();
    await assert.rejects(remoteOf(t, server.url).ask(post), away('ECONNREFUSED', false));
    await assert.rejects(remoteOf(t, server.url).knock(), away('ECONNREFUSED', false));
  });

  it('begins no TLS has had nothing', async (t) => {
    const silent = createServer((socket) => socket.resume().on('error', () => undefined));
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    t.after(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const remote = remoteOf(t, `https://127.0.0.1:${port}`, { timeoutMs: 500 });
    await assert.rejects(remote.ask(post), away('none in time', false));
    await assert.rejects(remote.knock(), away('none in time', false));
    const plain = await aWebServer(t, saying(200));
    await assert.rejects(remoteOf(t, plain.url.replace('http', 'https')).ask(post), {
      code: 'webhook_away',
      doubtful: false,
    });
  });

  it('has no such name has had nothing', async (t) => {
    const error = await remoteOf(t, 'http://nobody.invalid')
      .ask(post)
      .catch((reason: unknown) => reason);
    assert.ok(error instanceof DeliveryError);
    assert.match(error.found, /^(?:ENOTFOUND|EAI_AGAIN)$/);
    assert.equal(error.doubtful, false);
  });
});

it('a redirect is not followed, and the token goes nowhere else', async (t) => {
  const other = await aWebServer(t, saying(200));
  for (const status of [301, 302, 303, 307, 308]) {
    const server = await aWebServer(t, saying(status, '', { location: `${other.url}/T0pSecret` }));
    const remote = remoteOf(t, server.url);
    const refusal = remote.refusal(await remote.ask(post), NOW);
    assert.equal(refusal.code, 'webhook_refused');
    assert.equal(refusal.faultClass, 'fatal');
    assert.equal(refusal.found, `HTTP ${status} to ${other.url}`);
  }
  assert.deepEqual(other.asked, []);
});

it('an answer that is not ok is classed by its status', async (t) => {
  const server = await aWebServer(t, hanging);
  const remote = remoteOf(t, server.url);
  const classed: Record<number, string> = {};
  for (const status of [400, 401, 403, 404, 408, 410, 413, 422, 425, 429, 500, 502, 503, 504]) {
    server.instead = saying(status, '{}', { 'retry-after': '120' });
    const { code, faultClass, doubtful, closedUntil } = remote.refusal(await remote.ask(post), NOW);
    const later = closedUntil === null ? '' : ` +${(closedUntil - NOW) / 1000}s`;
    classed[status] = `${code} ${faultClass}${doubtful ? ' doubtful' : ''}${later}`;
  }
  assert.deepEqual(classed, {
    400: 'webhook_refused fatal',
    401: 'token_refused fatal',
    403: 'token_refused fatal',
    404: 'webhook_refused fatal',
    408: 'webhook_away transient +120s',
    410: 'webhook_refused fatal',
    413: 'webhook_refused fatal',
    422: 'webhook_refused fatal',
    425: 'webhook_away transient +120s',
    429: 'webhook_away transient +120s',
    500: 'webhook_away transient doubtful +120s',
    502: 'webhook_away transient doubtful +120s',
    503: 'webhook_away transient +120s',
    504: 'webhook_away transient doubtful +120s',
  });
});

it('no error has a secret of the URL in it, whatever the server repeats', async (t) => {
  const server = await aWebServer(t, ({ path, headers }, response) => {
    answer(response, 400, { error: { code: path, message: headers.authorization ?? '' } });
  });
  const url = server.url.replace('://', '://user:T0pPassword@');
  const remote = remoteOf(t, `${url}/T0pPath?key=T0pQuery`);
  const error = remote.refusal(await remote.ask(post), NOW);
  server.stop();
  const gone = await remote.ask(post).catch((reason: unknown) => reason);
  const told = inspect([error, gone], { depth: 9 });
  const basic = Buffer.from('user:T0pPassword').toString('base64');
  assert.equal(server.asked[0]?.headers.authorization, `Basic ${basic}`);
  assert.doesNotMatch(told, new RegExp(`T0p|${basic}`));
  assert.match(told, new RegExp(server.url));
});

it('close ends what is under way, and leaves no connection', async (t) => {
  const server = await aWebServer(t, hanging);
  const remote = remoteOf(t, server.url, { timeoutMs: 60_000 });
  const asking = [remote.ask(post), remote.ask(post)];
  const ended = Promise.allSettled(asking);
  await until('both have come', () => server.asked.length === 2);
  await remote.close();
  for (const { status } of await ended) assert.equal(status, 'rejected');
  await until('no connection is left', () => server.sockets.size === 0);
  await assert.rejects(remote.ask(post), away('stopped', false));
  await assert.rejects(remote.knock(), away('stopped', false));
});

it('a thousand exchanges leave no listener and no connection', async (t) => {
  const server = await aWebServer(t, saying(200, '{}'));
  const { signal } = new AbortController();
  const asked = { method: 'POST', headers: {}, body: '{}' } as const;
  for (let round = 0; round < 50; round++)
    await Promise.all(Array.from({ length: 20 }, () => exchange(new URL(server.url), asked, 5_000, signal)));
  assert.equal(server.asked.length, 1000);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  await until('no connection is left', () => server.sockets.size === 0);
  await until('no handle is left', () => !process.getActiveResourcesInfo().includes('TCPSocketWrap'));
});
