import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Broker } from '../../kafka/broker.ts';
import { missingJava } from '../../kafka/java.ts';
import { turns } from './turns.ts';
import { onPaper } from './on-paper.ts';
import { aFitted, fill } from './homes.ts';
import type { Measured } from './one.ts';
import type { Rebuilt } from './rebuild.ts';

const METERS = Number(process.env.BENCH_METERS ?? 100_000);
const PER_PARTITION = Number(process.env.BENCH_PER_PARTITION ?? 20_000);
/** A Map of parsed models takes so much more that fewer of them say it. */
const OF_THE_PEER = Math.min(METERS, 10_000);
const ONE = fileURLToPath(new URL('one.ts', import.meta.url));
const ALL = 2 ** 40;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'lefton-fleet-'));
try {
  await bench();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const [store, file] = [join(folder, 'fleet.db'), join(folder, 'model.json')];
  say(`a store with models of ${METERS} meters ...`);
  const model = await aFitted();
  writeFileSync(file, JSON.stringify(model));
  fill(store, model, METERS);
  const disk = statSync(store).size / METERS;
  say(`  ${Math.round(disk)} bytes of disk each; the model file has ${statSync(file).size}\n`);

  const map = await one<Measured>('map', file, OF_THE_PEER);
  const all = await one<Measured>('lefton', store, METERS, String(ALL));
  const most = (all.bytesPerMeter * METERS) / 4;
  const some = await one<Measured>('lefton', store, METERS, String(Math.round(most)));
  const per = (value: number, peer: number): string => `${(value / peer).toPrecision(2)} of the peer`;
  say(`each meter with its own model, one reading a minute; processor time of one core`);
  say(row('peer: a Map of parsed JSON models, looks up only', map));
  say(row('LeftOn, all models in memory', all));
  say(row('LeftOn, models in a quarter of that', some));
  say(`  memory ${per(all.bytesPerMeter, map.bytesPerMeter)}`);
  say(`  pace ${per(all.readingsPerSecond, map.readingsPerSecond)}, which decides nothing`);

  say(`\n${turns()}`);

  const missing = missingJava();
  if (missing !== undefined) say(`\ntakeover not measured: ${missing}`);
  const rebuild = missing === undefined ? await takeover(store) : undefined;
  say(`\n${onPaper({ ...all, perPartition: PER_PARTITION, rebuildSeconds: rebuild?.seconds ?? NaN })}`);
}

async function takeover(store: string): Promise<Rebuilt> {
  const broker = await Broker.start({ heap: '1g' });
  try {
    const { seconds, bareSeconds, bytes } = await one<Rebuilt>(
      'rebuild',
      broker.address,
      PER_PARTITION,
      store,
    );
    say(`\ntakeover of a partition with ${PER_PARTITION} meters, ${(bytes / 1e6).toFixed(0)} MB of states`);
    say(`  peer: the same records read and dropped     ${bareSeconds.toFixed(2)} s`);
    say(`  LeftOn, fence and states                   ${seconds.toFixed(2)} s`);
    say(`  ${(seconds / bareSeconds).toPrecision(2)} of the peer`);
    return { seconds, bareSeconds, bytes };
  } finally {
    await broker.stop();
  }
}

function row(name: string, measured: Measured): string {
  const { bytesPerMeter, firstSeconds, readingsPerSecond, loadsPerReading } = measured;
  const memory = `${(bytesPerMeter / 1_000).toFixed(1).padStart(6)} KB a meter`;
  const pace = `${(readingsPerSecond / 1_000).toFixed(0).padStart(5)} k readings/s`;
  const first = `first heard in ${firstSeconds.toFixed(1)} s`;
  return `  ${name.padEnd(50)} ${memory}, ${pace}, ${first}, ${loadsPerReading.toFixed(2)} models read a reading`;
}

/** The last line that a contestant prints. */
async function one<T>(what: string, first: string, count: number, more = ''): Promise<T> {
  const args = ['--expose-gc', '--max-old-space-size=12000', ONE, what, first, String(count), more];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 24 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}
