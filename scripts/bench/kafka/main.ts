import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TopicAdmin } from '../../../service/src/topics/kafka/admin/topic-admin.ts';
import { Broker } from '../../kafka/broker.ts';
import { missingJava } from '../../kafka/java.ts';
import { median, tableOfPaces } from '../contest.ts';
import type { Taken } from './bare.ts';
import { load } from './load.ts';
import { aLog } from './scorer.ts';
import { buildStreams } from './streams.ts';

const COUNT = Number(process.env.BENCH_READINGS ?? 2_000_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const PARTITIONS = 6;
const FLEET = 100_000;
const ONE = fileURLToPath(new URL('one.ts', import.meta.url));

const [BARE, PLATFORMATIC] = ['consume and decode, kafkajs', 'the same, @platformatic/kafka'] as const;
const [SCORE, STREAMS] = ['score exactly once', 'Kafka Streams, exactly_once_v2'] as const;

/** Words of the names of the parts to run, by comma: `score,Streams,latency,aborted,memory`; all where none are named. */
const ONLY = process.env.BENCH_ONLY?.split(',');
const wanted = (name: string): boolean => ONLY?.some((word) => name.includes(word)) ?? true;
/** A folder for profiles of the processor; undefined: none is taken. */
const PROFILE = process.env.BENCH_PROFILE;
const CONTESTANTS = [BARE, PLATFORMATIC, SCORE, STREAMS].filter(wanted);

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const run = promisify(execFile);

const missing = missingJava();
if (missing !== undefined) {
  process.stderr.write(`${missing}\n`);
  process.exit(1);
}
const own = process.env.KAFKA_BROKERS === undefined ? await Broker.start({ heap: '1g' }) : undefined;
const broker = own?.address ?? process.env.KAFKA_BROKERS ?? '';
try {
  buildStreams();
  await bench();
} finally {
  await own?.stop();
}

/** Each in its own process, in turn, each round on a fresh topic of the same readings. */
async function bench(): Promise<void> {
  const runs = new Map<string, Taken[]>();
  for (let round = 1; round <= ROUNDS && CONTESTANTS.length > 0; round++) {
    const prefix = await freshTopics();
    say(`round ${round} of ${ROUNDS}: writing ${COUNT} readings ...`);
    await load(broker, `${prefix}raw_power`, COUNT);
    for (const what of CONTESTANTS) {
      const taken = JSON.parse(await one(what, prefix)) as Taken;
      runs.set(what, [...(runs.get(what) ?? []), taken]);
      const { seconds, cpu } = taken;
      say(
        `  ${what}: ${Math.round(COUNT / seconds / 1000)} k readings/s, ${cpu.toFixed(1)} s of processor time`,
      );
    }
  }
  const paces = [...runs].map(([name, all]) => {
    return { name, perSecond: COUNT / median(all.map(({ seconds }) => seconds)) };
  });
  const thrift = [...runs].map(([name, all]) => {
    return { name, perSecond: COUNT / median(all.map(({ cpu }) => cpu)) };
  });
  if (runs.size > 0) {
    say('');
    say(tableOfPaces(`${COUNT} Avro readings on one broker, median of ${ROUNDS}`, 'readings', paces, BARE));
    say(tableOfPaces('', 'readings', paces.slice(-2), STREAMS));
    say(tableOfPaces('\nper second of processor time, starts included', 'readings', thrift, STREAMS));
  }
  if (wanted('latency')) await latency();
  if (wanted('aborted')) await aborted();
  if (wanted('memory')) await memory();
}

async function latency(): Promise<void> {
  const { events, p50, p99, most } = JSON.parse(await one('latency', await freshTopics())) as Record<
    string,
    number
  >;
  const ms = (value = NaN): string => `${value.toFixed(0)} ms`;
  say(
    `\nproduce to event at 1,000 readings/s, ${events} events: p50 ${ms(p50)}, p99 ${ms(p99)}, most ${ms(most)}`,
  );
}

async function aborted(): Promise<void> {
  const leaks = JSON.parse(await one('aborted', '')) as Record<string, number>;
  say(
    `records of 3 aborted transactions given to a read_committed reader: kafkajs ${leaks.kafkajs}, @platformatic/kafka ${leaks.platformatic}`,
  );
}

async function memory(): Promise<void> {
  const bytes = Number(await one('memory', ''));
  say(
    `memory of ${FLEET} meters in one process: ${(bytes / 1e6).toFixed(0)} MB, ${Math.round(bytes / FLEET)} bytes each`,
  );
}

async function freshTopics(): Promise<string> {
  const prefix = `${randomUUID().slice(0, 8)}.`;
  const settings = { brokers: [broker], prefix, sessionMs: 10_000, tls: null, sasl: null };
  await new TopicAdmin(settings, aLog()).create({ partitions: PARTITIONS, replication: -1 });
  return prefix;
}

/** The last line that a contestant prints. */
async function one(what: string, prefix: string): Promise<string> {
  const profile = PROFILE === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${PROFILE}`];
  const args = [
    ...profile,
    '--expose-gc',
    ONE,
    what,
    broker,
    prefix,
    String(what === 'memory' ? FLEET : COUNT),
  ];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 24 });
  return stdout.trim().split('\n').at(-1) ?? '';
}
