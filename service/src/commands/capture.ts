import { LeftOnError } from '@lefton/core';
import { Command } from 'commander';
import { codecOf, learnWriter } from '../avro/codec-of.ts';
import { realPause, ReplayClock } from '../clock.ts';
import { action, commandLog } from '../command.ts';
import { readUnscored } from '../config.ts';
import { neededKafkaSettings } from '../kafka-config.ts';
import { sourcesOf } from '../sources/sources-of.ts';
import { KafkaTopics } from '../topics/kafka/kafka.ts';

const EXAMPLES = `
Examples:
  Bring a growing file to Kafka, each line once, over restarts
    lefton capture --kafka-brokers broker:9092 --tail readings.csv
  Play the sample house at an hour a second
    lefton capture --kafka-brokers broker:9092 --replay data/sample-house/readings.csv.gz --speed 3600

Every option is also a variable (LEFTON_KAFKA_BROKERS); docs/kafka.md lists those for encryption and users.
Exit codes: 0 the source has ended or was stopped, 1 it could not go on, 2 the settings are not right.`;

/** `lefton capture` */
export function captureCommand(): Command {
  return new Command('capture')
    .description('bring readings to raw_power on Kafka, without scoring them')
    .option('--kafka-brokers <list>', 'host:port, several by comma')
    .option('--kafka-prefix <text>', 'in front of the names of the topics')
    .option('--config <file>', 'JSON file with settings')
    .option('--meter <id>', 'meter of readings that name none (default: home)')
    .option('--tail <file>', 'follow a growing canonical CSV: at,watts[,meter]')
    .option('--stdin', 'read canonical CSV or JSON lines from standard input')
    .option('--replay <file>', 'play a canonical CSV, plain or .gz')
    .option('--speed <n>', 'simulated time per real time, or max (default: 1)')
    .option('--from <instant>', 'begin the replay here, after a day at full speed')
    .option('--once', 'end at the end of a tailed file')
    .addHelpText('after', EXAMPLES)
    .action(action('capture', capture));
}

async function capture(flags: Record<string, unknown>): Promise<number> {
  const stopping = new AbortController();
  const { signal } = stopping;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      stopping.abort();
    });
  }
  const log = commandLog();
  const settings = readUnscored(flags, process.env);
  const topics = new KafkaTopics(neededKafkaSettings(settings), { apply: () => undefined }, log);
  const codec = codecOf(settings);
  const parts = { topics, codec, pause: realPause, log, stdin: process.stdin };
  // nobody scores here, so a replay keeps in step with nobody
  const clock = new ReplayClock(settings.from ?? 0);
  const sources = sourcesOf(settings, parts, { clock, group: null, step: () => Promise.resolve() });
  if (sources.length === 0) throw noSource();
  log.info('capturing', { sources: sources.map(({ name }) => name).join(', ') });
  try {
    await learnWriter(codec, log, signal);
    await Promise.all(sources.map((source) => source.run(signal)));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await topics.close();
  }
  log.info('the sources have ended');
  return 0;
}

const noSource = (): LeftOnError =>
  new LeftOnError({
    code: 'no_source',
    place: 'capture',
    expected: '--tail, --stdin or --replay',
    found: 'none of them',
    faultClass: 'fatal',
  });
