import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TopicAdmin } from '../../../service/src/topics/kafka/topic-admin.ts';
import { Broker } from '../../kafka/broker.ts';
import { missingJava } from '../../kafka/java.ts';
import { median, tableOfPaces } from '../contest.ts';
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
  const seconds = new Map<string, number[]>();
  for (let round = 1; round <= ROUNDS; round++) {
    const prefix = await freshTopics();
    say(`round ${round} of ${ROUNDS}: writing ${COUNT} readings ...`);
    await load(broker, `${prefix}raw_power`, COUNT);
    for (const what of [BARE, PLATFORMATIC, SCORE, STREAMS]) {
      const taken = Number(await one(what, prefix));
      seconds.set(what, [...(seconds.get(what) ?? []), taken]);
      say(`  ${what}: ${Math.round(COUNT / taken / 1000)} k readings/s`);
    }
  }
  const paces = [...seconds].map(([name, taken]) => ({ name, perSecond: COUNT / median(taken) }));
  say('');
  say(tableOfPaces(`${COUNT} Avro readings on one broker, median of ${ROUNDS}`, 'readings', paces, BARE));
  say(tableOfPaces('', 'readings', paces.slice(2), STREAMS));
  const { events, p50, p99, most } = JSON.parse(await one('latency', await freshTopics())) as Record<
    string,
    number
  >;
  const ms = (value = NaN): string => `${value.toFixed(0)} ms`;
  say(
    `\nproduce to event at 1,000 readings/s, ${events} events: p50 ${ms(p50)}, p99 ${ms(p99)}, most ${ms(most)}`,
  );
  const leaks = JSON.parse(await one('aborted', '')) as Record<string, number>;
  say(
    `records of 3 aborted transactions given to a read_committed reader: kafkajs ${leaks.kafkajs}, @platformatic/kafka ${leaks.platformatic}`,
  );
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
  const args = ['--expose-gc', ONE, what, broker, prefix, String(what === 'memory' ? FLEET : COUNT)];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 24 });
  return stdout.trim().split('\n').at(-1) ?? '';
}
