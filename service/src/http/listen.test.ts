import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { until } from '../a-service.test-data.ts';
import { listen } from './listen.ts';
import type { ListenLimits } from './listen.ts';

const ASKED = 'GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n';
const MUCH = Buffer.alloc(20 * 2 ** 20, '-');

/** Its port. */
async function aServer(t: TestContext, app: RequestListener, limits: Partial<ListenLimits>): Promise<number> {
  const guard = { token: null, ingress: [] };
  const all = { stalledMs: 60_000, idleMs: 5_000, atOnce: 16, connections: 10, ofAnAddress: 10, ...limits };
  const server = await listen(app, '127.0.0.1', 0, guard, all);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function aClient(t: TestContext, port: number, localAddress = '127.0.0.1'): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  t.after(() => {
    socket.destroy();
  });
  return socket;
}

/** Also by a reset, at which `once` would throw. */
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });

describe('a server', () => {
  it('cuts off who reads nothing of an answer, and nobody who reads slowly', async (t) => {
    let gone = 0;
    const port = await aServer(
      t,
      (request, response) => {
        request.socket.once('close', () => gone++);
        response.end(MUCH);
      },
      { stalledMs: 300 },
    );
    const silent = aClient(t, port).pause();
    silent.write(ASKED);
    await until('it is cut off', () => gone > 0);

    const reading = aClient(t, port);
    let read = 0;
    reading.write(ASKED);
    for await (const bytes of reading as AsyncIterable<Buffer>) {
      read += bytes.length;
      if (read > MUCH.length) break;
      await setTimeout(1);
    }
    assert.ok(read > MUCH.length, String(read));
  });

  it('cuts off who asks on and on without waiting for answers', async (t) => {
    let asked = 0;
    const port = await aServer(
      t,
      (_request, response) => {
        asked++;
        response.end('ok');
      },
      { atOnce: 4 },
    );
    const few = aClient(t, port);
    let said = '';
    few.on('data', (bytes) => (said += bytes.toString()));
    for (const round of [1, 2, 3]) {
      few.write(ASKED.repeat(4));
      await until('all are answered', () => said.split('200 OK').length - 1 === 4 * round);
    }
    asked = 0;
    const many = aClient(t, port).resume();
    many.write(ASKED.repeat(4_000));
    await closed(many);
    assert.equal(asked, 4);
  });

  it('waits for an answer that is long in coming', async (t) => {
    const port = await aServer(
      t,
      (_request, response) => {
        void setTimeout(500).then(() => response.end('here it is'));
      },
      { stalledMs: 100 },
    );
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    assert.equal(await answer.text(), 'here it is');
  });

  it('closes a connection on which nothing more is asked', async (t) => {
    const port = await aServer(t, (_request, response) => response.end('ok'), { idleMs: 100 });
    const socket = aClient(t, port);
    socket.write(ASKED);
    await once(socket, 'data');
    await closed(socket);
  });

  it('takes so many connections of an address, and others of another', async (t) => {
    const app: RequestListener = (_request, response) => response.end('ok');
    const port = await aServer(t, app, { ofAnAddress: 2 });
    const holding = [aClient(t, port), aClient(t, port)];
    await Promise.all(holding.map((socket) => once(socket, 'connect')));
    const third = aClient(t, port).resume();
    await closed(third);
    const other = aClient(t, port, '127.0.0.2');
    other.write(ASKED);
    assert.match(String(await once(other, 'data')), /200 OK/);
    holding[0]?.destroy();
    await until('there is room again', async () => {
      const next = aClient(t, port);
      next.write(ASKED);
      const said = await Promise.race([once(next, 'data').catch(() => ''), closed(next)]);
      next.destroy();
      return String(said).includes('200 OK');
    });
  });
});
