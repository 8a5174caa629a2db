import { randomUUID } from 'node:crypto';
import { abortedSeen } from './aborted.ts';
import { bareKafkajs, barePlatformatic } from './bare.ts';
import { latency } from './latency.ts';
import { memoryOf } from './memory.ts';
import { exactlyOnce } from './scorer.ts';
import { kafkaStreams } from './streams.ts';

const LATENCY_SECONDS = 20;

const [what = '', broker = '', prefix = '', text = ''] = process.argv.slice(2);
const count = Number(text);
const settings = { brokers: [broker], prefix, sessionMs: 10_000, tls: null, sasl: null };
const topic = `${prefix}raw_power`;

const JOBS: Readonly<Record<string, () => unknown>> = {
  'consume and decode, kafkajs': () => bareKafkajs(broker, topic, count),
  'the same, @platformatic/kafka': () => barePlatformatic(broker, topic, count),
  'score exactly once': () => exactlyOnce(settings, count),
  'Kafka Streams, exactly_once_v2': () =>
    kafkaStreams(broker, topic, `${prefix}raw_power_dead`, `streams-${randomUUID()}`, count),
  latency: () => latency(settings, LATENCY_SECONDS),
  aborted: () => abortedSeen(broker),
  memory: () => memoryOf(count),
};

process.stdout.write(`${JSON.stringify(await JOBS[what]?.())}\n`);
process.exit(0);
