import { DAY, MINUTE } from '@lefton/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../contest.ts';
import { fill } from './filled.ts';
import { listeners } from './listeners.ts';
import type { Told } from './listeners.ts';
import { questions } from './questions.ts';
import type { Pace } from './questions.ts';
import { Server } from '../server.ts';
import { movesTold, tries } from './tries.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = 4;
const AT_ONCE = 10;
const CLIENTS = 200;
const LISTENING_S = 20;
const POINTS = 1_000;

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const folder = mkdtempSync(join(tmpdir(), 'lefton-bench-'));
try {
  const db = join(folder, 'lefton.db');
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  await bench(db, now);
  const moves = await tries(folder, db, now);
  say(moves === undefined ? '\nNo browser: Try it is not measured' : `\n${movesTold(moves).join('\n')}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(db: string, now: number): Promise<void> {
  await fill(db, now);
  say(`Node ${process.version}; a year of minutes (525,600 readings); each in a process of its own\n`);
  const model = path('../../../models/august-2018.json');
  const main = path('../../../service/src/main.ts');
  const ours = await Server.start(main, ['serve', '--db', db, '--model', model, '--port', '0']);
  const peer = await Server.start(path('baseline.ts'), [db, String(POINTS)]);
  try {
    await listen(ours, peer);
    await ask(ours, peer, now);
  } finally {
    await ours.stop();
    await peer.stop();
  }
}

async function ask(ours: Server, peer: Server, now: number): Promise<void> {
  const readings = (days: number): string => {
    const from = new Date(now - days * DAY).toISOString();
    return `${ours.url}/api/readings?points=${POINTS}&from=${from}&to=${new Date(now).toISOString()}`;
  };
  const prepared = `Express + JSON, ${POINTS} points made before`;
  const contestants = [
    [prepared, `${peer.url}/prepared`],
    ['Express + JSON, every reading (one at a time)', `${peer.url}/every?from=${now - 365 * DAY}&to=${now}`],
    ['GET /api/readings, the year', readings(365)],
    ['GET /api/readings, a day', readings(0.6)],
  ] as const;
  const paces = new Map<string, Pace[]>();
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, url] of contestants)
      paces.set(name, [
        ...(paces.get(name) ?? []),
        await questions(url, url.includes('/every') ? 1 : AT_ONCE, SECONDS),
      ]);
  const of = (name: string, key: keyof Pace): number =>
    median((paces.get(name) ?? []).map((pace) => pace[key]));
  say(`\nAnswers, ${AT_ONCE} at a time, median of ${ROUNDS} rounds in turn`);
  for (const [name] of contestants) {
    const ratio =
      name === prepared
        ? '(the peer)'
        : `${(of(name, 'perSecond') / of(prepared, 'perSecond')).toPrecision(2)} of it`;
    const [pace, p99, kB] = [of(name, 'perSecond'), of(name, 'p99'), of(name, 'bytes') / 1e3];
    say(
      `  ${name.padEnd(46)} ${pace.toFixed(1).padStart(7)}/s  p99 ${p99.toFixed(0).padStart(5)} ms  ${kB.toFixed(0).padStart(6)} kB  ${ratio}`,
    );
  }
}

async function listen(ours: Server, peer: Server): Promise<void> {
  say(`${CLIENTS} listeners, 10 readings a second for ${LISTENING_S} s`);
  const theirs = { events: '/events', readings: '/readings' };
  const baseline = await listeners(peer, theirs, CLIENTS, LISTENING_S);
  tell('Express, response.write in a loop', baseline);
  const told = await listeners(
    ours,
    { events: '/api/live', readings: '/api/readings' },
    CLIENTS,
    LISTENING_S,
  );
  tell('GET /api/live', told);
  say(
    `  of the peer: ${(told.cpu / baseline.cpu).toPrecision(2)} of its processor time, ${(told.p99 / baseline.p99).toPrecision(2)} of its p99`,
  );
}

function tell(name: string, { heard, p50, p99, cpu, memory, memoryBefore }: Told): void {
  const lag = `lag p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
  const grown = `${memory.toFixed(0)} MB (${memoryBefore.toFixed(0)} before)`;
  say(
    `  ${name.padEnd(34)} heard ${(heard * 100).toFixed(1)} %  ${lag}  ${cpu.toFixed(0)} % of a core  ${grown}`,
  );
}
