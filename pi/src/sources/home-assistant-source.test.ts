import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { aLog, realPause, until } from '../a-capture.test-data.ts';
import { HomeAssistantSource } from './home-assistant-source.ts';
import type { HomeAssistantSettings } from './home-assistant-source.ts';

interface Asked {
  readonly id: number;
  readonly type: string;
  readonly access_token?: string;
  readonly entity_ids?: string[];
}

/** A server that speaks as Home Assistant's websocket does, as far as one sensor needs it. */
class Server {
  readonly #server: WebSocketServer;
  readonly clients: { socket: WebSocket; id: number }[] = [];
  readonly tokens: (string | undefined)[] = [];
  entities: string[] = [];
  state = '350';
  /** Answers nothing any more: a half-open connection. */
  dead = false;
  /** What a subscription is answered. */
  refusal: object | undefined;

  constructor(port: number) {
    this.#server = new WebSocketServer({ port, host: '127.0.0.1', path: '/api/websocket' });
    this.#server.on('connection', (socket) => {
      const send = (message: object): void => {
        socket.send(JSON.stringify(message));
      };
      send({ type: 'auth_required', ha_version: '2024.3.3' });
      socket.on('message', (data) => {
        const asked = JSON.parse((data as Buffer).toString()) as Asked;
        if (this.dead) return;
        const { id } = asked;
        if (asked.type === 'auth') {
          this.tokens.push(asked.access_token);
          const right = asked.access_token === 'right';
          send({ type: right ? 'auth_ok' : 'auth_invalid', ha_version: '2024.3.3' });
        } else if (asked.type === 'ping') send({ id, type: 'pong' });
        else if (this.refusal !== undefined)
          send({ id, type: 'result', success: false, error: this.refusal });
        else if (asked.type === 'subscribe_entities') {
          this.entities = asked.entity_ids ?? [];
          send({ id, type: 'result', success: true, result: null });
          const state = { s: this.state, a: { unit_of_measurement: 'W' } };
          send({ id, type: 'event', event: { a: { 'sensor.power': state } } });
          this.clients.push({ socket, id });
        } else send({ id, type: 'result', success: true, result: null });
      });
    });
  }

  async url(): Promise<string> {
    if (this.#server.address() === null) await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  change(s: string): void {
    this.state = s;
    for (const { socket, id } of this.clients)
      socket.send(JSON.stringify({ id, type: 'event', event: { c: { 'sensor.power': { '+': { s } } } } }));
  }

  stop(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }
}

/** What is waited for between questions is short; an answer may take its time. */
const shortWaits = (ms: number, signal: AbortSignal): Promise<void> =>
  realPause(ms === 10_000 ? ms : Math.min(ms, 50), signal);

/** All that is said of a server and a sensor within a moment after the first word. */
async function saidOf(settings: HomeAssistantSettings): Promise<string[]> {
  const { log, lines } = aLog();
  const parts = { log, pause: shortWaits, monotonic: () => performance.now(), wall: Date.now };
  const stopping = new AbortController();
  const running = new HomeAssistantSource(settings, parts).run(() => undefined, stopping.signal);
  await until('it is told', () => lines.length > 0);
  await realPause(300, stopping.signal);
  stopping.abort();
  await running;
  return lines;
}

it('a sensor is followed through what is unavailable, a restart and a connection that has died', async (t) => {
  let server = new Server(0);
  t.after(() => {
    server.stop();
  });
  const url = await server.url();
  const restart = async (): Promise<void> => {
    server.stop();
    server = new Server(Number(new URL(url).port));
    await server.url();
  };
  const { log, lines } = aLog();
  const quick = (ms: number, signal: AbortSignal): Promise<void> => realPause(Math.min(ms, 100), signal);
  const settings = { url, token: 'right', entity: 'sensor.power', holdMs: 1e9 };
  const parts = { log, pause: quick, monotonic: () => performance.now(), wall: Date.now };
  const source = new HomeAssistantSource(settings, parts);
  const heard: (number | null)[] = [];
  const stopping = new AbortController();
  const running = source.run(({ watts }) => heard.push(watts), stopping.signal);
  t.after(async () => {
    stopping.abort();
    await running;
  });
  await until('its state is heard, and again while it holds', () => heard.length >= 3);
  assert.deepEqual([...new Set(heard)], [350]);
  assert.deepEqual(server.entities, ['sensor.power']);
  server.change('unavailable');
  server.change('unknown');
  server.change('360');
  await until('it is back', () => heard.includes(360));
  await restart();
  server.state = '370';
  await until('it is heard after a restart', () => heard.includes(370));
  server.dead = true;
  await until('the dead connection is left', () => source.link().reopened >= 1 && lines.length > 1);
  await restart();
  server.state = '380';
  await until('it is heard on a new one', () => heard.includes(380));
  assert.deepEqual([...new Set(heard)], [350, 360, 370, 380]);
});

it('a token that is not right is said once', async (t) => {
  const server = new Server(0);
  t.after(() => {
    server.stop();
  });
  const { log, lines } = aLog();
  const waits: number[] = [];
  const pause = (ms: number, signal: AbortSignal): Promise<void> => {
    waits.push(ms);
    return realPause(5, signal);
  };
  const settings = { url: await server.url(), token: 'secret-and-wrong', entity: 'sensor.power', holdMs: 1 };
  const source = new HomeAssistantSource(settings, {
    log,
    pause,
    monotonic: () => performance.now(),
    wall: Date.now,
  });
  const stopping = new AbortController();
  const running = source.run(() => undefined, stopping.signal);
  await until('it has tried three times', () => server.tokens.length >= 3);
  stopping.abort();
  await running;
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0] ?? '', /refuses the token: make a new/);
  assert.doesNotMatch(lines.join(''), /secret-and-wrong/);
  // Home Assistant bans who comes too often
  assert.deepEqual(waits.slice(0, 2), [600_000, 600_000]);
});

it('a sensor that is not there is told, once', async (t) => {
  const server = new Server(0);
  t.after(() => {
    server.stop();
  });
  const lines = await saidOf({ url: await server.url(), token: 'right', entity: 'sensor.pwoer', holdMs: 1 });
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0] ?? '', /sensor\.pwoer.*there is no such sensor/);
});

it('a server that says nothing, too little or nonsense holds nothing up and ends nothing', async (t) => {
  const greeting = { type: 'auth_required', ha_version: '2024.3.3' };
  for (const said of [
    [],
    ['hello'],
    ['null'],
    [greeting],
    [greeting, { type: 'auth_ok' }],
    [greeting, { type: 'auth_ok' }, 'hello'],
  ]) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    t.after(() => {
      for (const client of server.clients) client.terminate();
      server.close();
    });
    let connected = 0;
    server.on('connection', (socket) => {
      connected++;
      for (const each of said) socket.send(typeof each === 'string' ? each : JSON.stringify(each));
    });
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const settings = { url, token: 'right', entity: 'sensor.power', holdMs: 1 };
    const parts = { log: aLog().log, pause: realPause, monotonic: () => performance.now(), wall: Date.now };
    const source = new HomeAssistantSource(settings, parts);
    const stopping = new AbortController();
    const running = source.run(() => undefined, stopping.signal);
    await until('it is asked', () => connected > 0);
    await realPause(100, stopping.signal);
    stopping.abort();
    const late = new AbortController();
    const ended = await Promise.race([
      running.then(() => true),
      realPause(5_000, late.signal).then(() => false),
    ]);
    late.abort();
    assert.ok(ended, JSON.stringify(said));
  }
});

it('why there is no Home Assistant is said: a redirect, a closed port, what it refuses', async (t) => {
  const web = createServer((_request, response) => {
    response.writeHead(301, { location: 'https://home.example/secret' }).end();
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  t.after(() => web.close());
  const gone = new Server(0);
  const closed = await gone.url();
  gone.stop();
  const server = new Server(0);
  server.refusal = { code: 'invalid_format', message: 'Entity ID power is an invalid entity ID' };
  t.after(() => {
    server.stop();
  });
  for (const [url, why] of [
    [`http://127.0.0.1:${(web.address() as AddressInfo).port}`, /HTTP 301 to https:\/\/home\.example"/],
    [closed, /ECONNREFUSED/],
    [await server.url(), /is an invalid entity ID/],
  ] as const) {
    const lines = await saidOf({ url, token: 'right', entity: 'sensor.power', holdMs: 1 });
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] ?? '', why);
  }
});
