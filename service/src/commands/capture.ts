import { LeftOnError } from '@lefton/core';
import { Command } from 'commander';
import { setTimeout } from 'node:timers/promises';
import { codecOf, learnWriter } from '../avro/codec-of.ts';
import type { ReadingCodec } from '../avro/reading-codec.ts';
import { ReplayClock } from '../clock.ts';
import { action } from '../command.ts';
import { readUnscored, SettingsError } from '../config.ts';
import type { Settings } from '../config.ts';
import { neededKafkaSettings } from '../kafka-config.ts';
import { Log } from '../log.ts';
import type { Pause, Topics } from '../ports.ts';
import { Replay } from '../sources/replay.ts';
import type { Source } from '../sources/source.ts';
import { Stdin } from '../sources/stdin.ts';
import { Tail } from '../sources/tail.ts';
import { KafkaTopics } from '../topics/kafka/kafka.ts';

const EXAMPLES = `
Examples:
  Bring a growing file to Kafka, each line once, over restarts
    lefton capture --kafka-brokers broker:9092 --tail readings.csv
  Play the sample house at an hour a second
    lefton capture --kafka-brokers broker:9092 --replay data/sample-house/readings.csv.gz --speed 3600

Every option is also a variable (LEFTON_KAFKA_BROKERS); docs/kafka.md lists those for encryption and users.
Exit codes: 0 the source has ended or was stopped, 1 it could not go on, 2 the settings are not right.`;

const BAD_SETTINGS = 2;

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
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopping.abort();
    });
  }
  const log = new Log(
    (line) => process.stderr.write(line),
    () => Date.now(),
  );
  try {
    const settings = readUnscored(flags, process.env);
    const topics = new KafkaTopics(neededKafkaSettings(settings), { apply: () => undefined }, log);
    const codec = codecOf(settings);
    const source = sourceOf(settings, topics, codec, log);
    log.info('capturing', { source: source.name });
    try {
      await learnWriter(codec, log, stopping.signal);
      await source.run(stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    } finally {
      await topics.close();
    }
    log.info('a source has ended', { source: source.name });
    return 0;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`lefton capture: ${error.message}\n`);
    return BAD_SETTINGS;
  }
}

function sourceOf(settings: Omit<Settings, 'model'>, topics: Topics, codec: ReadingCodec, log: Log): Source {
  const { meter, tail, stdin, replay, speed, from, once } = settings;
  const pause: Pause = (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined);
  if (replay !== null) {
    const play = { file: replay, meter, speed, from: from ?? -Infinity };
    const clock = new ReplayClock(from ?? 0);
    return new Replay(play, topics, codec, clock, pause, null, () => Promise.resolve());
  }
  if (tail !== null) return new Tail({ file: tail, meter, once }, topics, codec, pause, log);
  if (stdin) return new Stdin(process.stdin, meter, topics, codec);
  throw new LeftOnError({
    code: 'no_source',
    place: 'capture',
    expected: '--tail, --stdin or --replay',
    found: 'none of them',
    faultClass: 'fatal',
  });
}
