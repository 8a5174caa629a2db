import { MINUTE } from '@lefton/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from '../contest.ts';
import { Server } from '../server.ts';
import { aYear } from '../year.ts';

/* What `lefton serve` takes of a small machine while it is sent months of minutes, beside the least that keeps them. */

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const READINGS = 200_000;
const BATCH = 1_000;
const DAY_MIN = 1_440;
/** So an episode comes every day. */
const HEATER = { watts: 2_000, fromMin: 120, toMin: 300 };
const PEER = 'Express + zod + SQLite, readings kept';

interface Load {
  readonly perSecond: number;
  /** MB: when it listens, when all is done, and the most. */
  readonly ready: number;
  readonly after: number;
  readonly peak: number;
  /** Seconds of processor time from the first reading on. */
  readonly cpu: number;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const batches = await bodies();
const loads = new Map<string, Load[]>();
const folder = mkdtempSync(join(tmpdir(), 'lefton-bench-'));
try {
  for (let round = 0; round < ROUNDS; round++) {
    const db = (name: string): string => join(folder, `${name}-${round}.db`);
    const args = [
      'serve',
      '--db',
      db('lefton'),
      '--model',
      path('../../../models/sample-house.json'),
      '--port',
      '0',
    ];
    note(PEER, await load(await Server.start(path('peer.ts'), [db('peer')]), () => Promise.resolve(true)));
    note('lefton serve', await load(await Server.start(path('../../../service/lefton.js'), args), allScored));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
tell();

function note(name: string, measured: Load): void {
  loads.set(name, [...(loads.get(name) ?? []), measured]);
}

async function load(server: Server, done: (url: string) => Promise<boolean>): Promise<Load> {
  try {
    const [ready, before] = [server.memory, server.cpu];
    const started = performance.now();
    for (const body of batches) {
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(`${server.url}/api/readings`, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
    }
    while (!(await done(server.url))) await setTimeout(50);
    const perSecond = (READINGS / (performance.now() - started)) * 1_000;
    return { perSecond, ready, after: server.memory, peak: server.peak, cpu: server.cpu - before };
  } finally {
    await server.stop();
  }
}

async function allScored(url: string): Promise<boolean> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.includes(`lefton_readings_total{verdict="ok"} ${READINGS}\n`);
}

/** Posts of minutes of the sample house with a heater left on every night, long gone so that nobody is told at once. */
async function bodies(): Promise<readonly string[]> {
  const { at, watts } = await aYear();
  const posts: string[] = [];
  for (let from = 0; from < READINGS; from += BATCH) {
    const readings = Array.from({ length: BATCH }, (_, i) => {
      const minute = ((at[from + i] ?? 0) / MINUTE) % DAY_MIN;
      const heater = minute >= HEATER.fromMin && minute < HEATER.toMin ? HEATER.watts : 0;
      return { at: new Date(at[from + i] ?? 0).toISOString(), watts: (watts[from + i] ?? 0) + heater };
    });
    posts.push(JSON.stringify(readings));
  }
  return posts;
}

function tell(): void {
  const of = (name: string, key: keyof Load): number =>
    median((loads.get(name) ?? []).map((measured) => measured[key]));
  console.log(
    `Node ${process.version}; ${READINGS} minutes posted in batches of ${BATCH}, an episode a day; median of ${ROUNDS} rounds in turn\n`,
  );
  for (const name of loads.keys()) {
    const ratio = (key: keyof Load): string =>
      name === PEER ? '' : ` (${(of(name, key) / of(PEER, key)).toPrecision(2)} of the peer)`;
    const memory = (key: keyof Load): string => `${of(name, key).toFixed(0)} MB${ratio(key)}`;
    console.log(`${name}
  ready   ${memory('ready')}
  after   ${memory('after')}
  peak    ${memory('peak')}, highest of all rounds ${Math.max(...(loads.get(name) ?? []).map(({ peak }) => peak)).toFixed(0)} MB
  pace    ${(of(name, 'perSecond') / 1_000).toFixed(1)} k readings/s${ratio('perSecond')}
  cpu     ${of(name, 'cpu').toFixed(1)} s of processor time${ratio('cpu')}`);
  }
}
