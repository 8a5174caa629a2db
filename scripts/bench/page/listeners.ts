import { request } from 'node:http';
import type { ClientRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Server } from '../server.ts';
import { percentile } from './questions.ts';

/** How a server told all of its listeners. */
export interface Told {
  /** Of those that should have come, to all listeners together. */
  readonly heard: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time per time, percent of one core. */
  readonly cpu: number;
  /** MB while they listened, and before. */
  readonly memory: number;
  readonly memoryBefore: number;
}

const PER_SECOND = 10;
const SETTLING_MS = 2_000;

/** Sends ten readings a second, each with the instant at which it is sent, to a server with so many listeners. */
export async function listeners(
  server: Server,
  paths: { readonly events: string; readonly readings: string },
  count: number,
  seconds: number,
): Promise<Told> {
  // the newest reading is what listeners go on after: without one they would get all there is
  await send(server.url + paths.readings, { at: Date.now(), watts: 100 });
  await setTimeout(SETTLING_MS);
  const memoryBefore = server.memory;
  const lags: number[] = [];
  const all = await Promise.all(
    Array.from({ length: count }, () => listen(server.url + paths.events, (lag) => lags.push(lag))),
  );
  // what the opening brings is not counted
  await setTimeout(SETTLING_MS);
  lags.length = 0;
  const cpu = server.cpu;
  const started = performance.now();
  for (let i = 0; i < seconds * PER_SECOND; i++) {
    await setTimeout(Math.max(0, started + (i * 1_000) / PER_SECOND - performance.now()));
    await send(server.url + paths.readings, { at: Date.now(), watts: 100 + (i % 50) });
  }
  const used = (server.cpu - cpu) / ((performance.now() - started) / 1_000);
  const memory = server.memory;
  await setTimeout(SETTLING_MS);
  for (const each of all) each.destroy();
  return {
    heard: lags.length / (count * seconds * PER_SECOND),
    ...{ p50: percentile(lags, 0.5), p99: percentile(lags, 0.99) },
    ...{ cpu: used * 100, memory, memoryBefore },
  };
}

/** Resolves once the stream is open. @param hear ms between sending and hearing, for each reading */
function listen(url: string, hear: (lag: number) => void): Promise<ClientRequest> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { agent: false }, (response) => {
      let rest = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const frames = (rest + chunk).split('\n\n');
        rest = frames.pop() ?? '';
        const now = Date.now();
        for (const frame of frames) {
          if (!frame.includes('event: readings')) continue;
          const [, list = ''] = /"readings":\[(.*)\]/.exec(frame) ?? [];
          for (const [, at] of list.matchAll(/\[(\d+),/g)) hear(now - Number(at));
        }
      });
      response.on('error', () => undefined);
      if (response.statusCode === 200) resolve(asking);
      else reject(new Error(`${url} answered ${String(response.statusCode)}`));
    });
    asking.on('error', reject);
    asking.end();
  });
}

async function send(url: string, reading: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(reading) });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}
