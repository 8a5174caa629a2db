import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import express from 'express';
import type { AddressInfo } from 'node:net';
import { aLog, until } from '../../a-service.test-data.ts';
import { Bell } from '../../runtime/bell.ts';
import { EventStreams } from './event-streams.ts';
import { problems } from '../problem.ts';

interface Streams {
  readonly url: string;
  readonly stop: () => void;
  /** Ends of streams that were asked for frames. */
  readonly ended: () => number;
  /** Frames that were asked for. */
  readonly asked: () => number;
}

/** A server with event streams that give a frame whenever one is asked for, or one and then nothing. */
async function aServer(t: TestContext, most: number, endless: boolean, frame: string): Promise<Streams> {
  const stop = new AbortController();
  const streams = new EventStreams(stop.signal, most);
  let [ended, asked] = [0, 0];
  async function* frames(signal: AbortSignal): AsyncGenerator<string> {
    try {
      for (;;) {
        if (signal.aborted) return;
        asked++;
        yield frame;
        if (!endless) await new Bell().next(signal);
      }
    } finally {
      ended++;
    }
  }
  const app = express();
  app.get('/', async (_request, response) => streams.answer(response, frames));
  app.use(problems(aLog().log));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: () => {
      stop.abort();
    },
    ended: () => ended,
    asked: () => asked,
  };
}

async function open(t: TestContext, url: string): Promise<{ response: Response; hangUp: () => void }> {
  const gone = new AbortController();
  const hangUp = (): void => {
    gone.abort();
  };
  t.after(hangUp);
  return { response: await fetch(url, { signal: gone.signal }), hangUp };
}

describe('event streams', () => {
  it('are as many as can be, and the place of one that has gone is free again', async (t) => {
    const { url, ended } = await aServer(t, 2, false, 'data: x\n\n');
    const first = await open(t, url);
    const second = await open(t, url);
    assert.deepEqual([first.response.status, second.response.status], [200, 200]);
    const { response } = await open(t, url);
    assert.equal(response.status, 429);
    assert.match(await response.text(), /At most 2 at a time\. Close a page that is open elsewhere/);
    first.hangUp();
    await until('its place is free', () => ended() === 1);
    assert.equal((await open(t, url)).response.status, 200);
  });

  it('all end at the stop, also those that come after it', async (t) => {
    const { url, stop, ended } = await aServer(t, 9, false, 'data: x\n\n');
    const { response } = await open(t, url);
    stop();
    assert.equal(await response.text(), 'retry: 2000\n\ndata: x\n\n');
    assert.equal(ended(), 1);
    assert.match(await (await open(t, url)).response.text(), /^retry/);
  });

  it('ask for no more than the client reads', async (t) => {
    const { url, asked, ended } = await aServer(t, 9, true, `data: ${'x'.repeat(100_000)}\n\n`);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    t.after(() => socket.destroy());
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    let before = -1;
    // what the sockets of both sides hold is some megabytes; then nothing more is asked for
    await until('it waits for the client', async () => {
      const same = asked() === before && asked() > 0;
      before = asked();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return same;
    });
    assert.ok(asked() < 500, `${asked()}`);
    socket.destroy();
    await until('it has ended', () => ended() === 1);
  });

  it('answer HEAD with the headers, and keep nothing', async (t) => {
    const { url, asked } = await aServer(t, 9, true, 'data: x\n\n');
    const response = await fetch(url, { method: 'HEAD' });
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.equal(asked(), 0);
  });
});
