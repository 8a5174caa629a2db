import { LeftOnError } from '@lefton/core';
import { Command } from 'commander';
import { codecOf, learnWriter } from '../avro/codec-of.ts';
import { captureFor, captureOf, captureTools } from '../capture.ts';
import type { Capture, CaptureParts } from '../capture.ts';
import { realPause, ReplayClock } from '../clock.ts';
import { action, commandLog, say } from '../command.ts';
import { readUnscored } from '../config.ts';
import type { Settings } from '../config.ts';
import { every } from '../every.ts';
import { neededKafkaSettings } from '../kafka-config.ts';
import type { Log } from '../log.ts';
import type { Topics } from '../ports.ts';
import type { Source } from '../sources/source.ts';
import { sourcesOf } from '../sources/sources-of.ts';
import { printDetected, printInstall } from './capture-setup.ts';

const EXAMPLES = `
Examples:
  Find out which meter is at the end of a cable, and the settings for it
    lefton capture --detect /dev/ttyUSB0
  Bring a smart meter to Kafka; while no broker answers, readings wait in lefton-spool.db
    lefton capture --device /dev/ttyUSB0 --protocol dsmr --kafka-brokers broker:9092
  Bring what Tasmota, Shelly or Zigbee2MQTT publish to a service on another machine
    LEFTON_MQTT_URL=mqtt://localhost lefton capture --mqtt-topic tele/meter/SENSOR --service-url http://pi.local:7420
  Bring a growing file to Kafka, each line once, over restarts
    lefton capture --kafka-brokers broker:9092 --tail readings.csv
  Play the sample house at an hour a second
    lefton capture --kafka-brokers broker:9092 --replay data/sample-house/readings.csv.gz --speed 3600

Every option is also a variable (LEFTON_KAFKA_BROKERS) and a key of the --config file; docs/meters.md lists those of meters,
docs/kafka.md those for encryption and users. The token of a service is read from LEFTON_TOKEN.
Exit codes: 0 the source has ended or was stopped, 1 it could not go on, 2 the settings are not right.`;

const LINKS_MS = 600_000;
const LINKS_JSON_MS = 60_000;

/** `lefton capture` */
export function captureCommand(): Command {
  const capturing = new Command('capture')
    .description('bring readings to raw_power on Kafka, or to a service, without scoring them')
    .option('--device <path>', 'serial device of a meter, or tcp://host:port of a server that has it')
    .option('--protocol <name>', 'what the meter speaks; docs/meters.md lists them')
    .option('--baud <n>', "the line's speed, where it is not the usual one")
    .option('--meter-options <json>', 'what docs/meters.md has for some meters: {"checksum":"x25"}')
    .option('--meter-clock', "take the meter's own instants, where it tells them with their zone")
    .option('--mqtt-topic <topic>', 'a topic with power; LEFTON_MQTT_URL says where')
    .option(
      '--home-assistant-sensor <id>',
      'a sensor with power; LEFTON_HOME_ASSISTANT_URL and _TOKEN say where',
    )
    .option('--poll-url <url>', 'a device that answers with JSON, such as a Shelly')
    .option('--json-path <path>', 'where power stands in a message or answer: ENERGY.Power')
    .option('--power-unit <unit>', 'of such a number: W, kW, VA, Wh or kWh (default: W)')
    .option('--inverted', 'export counts as positive there')
    .option('--meter <id>', 'meter of readings that name none (default: home)')
    .option('--kafka-brokers <list>', 'host:port, several by comma')
    .option('--kafka-prefix <text>', 'in front of the names of the topics')
    .option('--service-url <url>', 'a service on another machine, in place of Kafka')
    .option('--spool <file>', 'where readings wait (default: lefton-spool.db)')
    .option('--config <file>', 'JSON file with settings')
    .option('--tail <file>', 'follow a growing canonical CSV: at,watts[,meter]')
    .option('--stdin', 'read canonical CSV or JSON lines from standard input')
    .option('--replay <file>', 'play a canonical CSV, plain or .gz')
    .option('--speed <n>', 'simulated time per real time, or max (default: 1)')
    .option('--from <instant>', 'begin the replay here, after a day at full speed')
    .option('--once', 'end at the end of a tailed file')
    .option('--detect <device>', 'try speeds and protocols, name the meter, and end')
    .option('--json', 'print readings and how well meters are heard as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action(action('capture', capture));
  capturing
    .command('install')
    .description('print what it takes to run as a service of systemd; nothing is done')
    .action(
      action('capture install', async () => {
        printInstall((await captureTools()).installSteps());
        return 0;
      }),
    );
  return capturing;
}

async function capture({ detect, ...flags }: Record<string, unknown>): Promise<number> {
  const stopping = new AbortController();
  const { signal } = stopping;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      stopping.abort();
    });
  }
  if (typeof detect === 'string') {
    const { openPort, probe } = await captureTools();
    return printDetected(detect, probe(await openPort(detect), realPause, signal), flags.json === true);
  }
  const log = commandLog();
  const settings = readUnscored(flags, process.env);
  const { tellSystemd } = await captureTools();
  void tellSystemd(process.env, realPause, log, signal);
  const parts: CaptureParts = {
    ...{ log, pause: realPause },
    ...(settings.json
      ? {
          spooled: (reading) => {
            say(JSON.stringify({ reading }));
          },
        }
      : {}),
  };
  if (settings.service_url !== null) {
    const captures = await captureFor(settings.service_url, settings, parts);
    await run(captures, captures, settings, log, signal);
    return 0;
  }
  const { KafkaTopics } = await import('../topics/kafka/kafka.ts');
  const topics = new KafkaTopics(neededKafkaSettings(settings), { apply: () => undefined }, log);
  try {
    await onKafka(settings, topics, parts, signal);
  } finally {
    await topics.close();
  }
  return 0;
}

async function onKafka(
  settings: Settings,
  topics: Topics,
  parts: CaptureParts,
  signal: AbortSignal,
): Promise<void> {
  const { log, pause } = parts;
  const codec = codecOf(settings);
  const captures = await captureOf(settings, topics, codec, parts);
  // nobody scores here, so a replay keeps in step with nobody
  const clock = new ReplayClock(settings.from ?? 0);
  const inStep = { clock, group: null, step: () => Promise.resolve() };
  const read = sourcesOf(settings, { topics, codec, pause, log, stdin: process.stdin }, inStep);
  const written = read.map((source): Source => {
    // meters are heard whether or not a registry answers; what is read can wait where it is
    const bring = (aborted: AbortSignal): Promise<void> =>
      learnWriter(codec, log, aborted).then(() => source.run(aborted));
    return { name: source.name, run: bring };
  });
  await run([...written, ...captures], captures, settings, log, signal);
}

async function run(
  sources: readonly Source[],
  captures: readonly Capture[],
  settings: Settings,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  if (sources.length === 0) throw noSource();
  log.info('capturing', { sources: sources.map(({ name }) => name).join('; ') });
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const telling = every(
    settings.json ? LINKS_JSON_MS : LINKS_MS,
    () => {
      for (const each of captures) tell(each, settings.json, log);
    },
    realPause,
    log,
    either,
  );
  try {
    await Promise.all(sources.map((source) => source.run(either)));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    over.abort();
    await telling;
  }
  for (const each of captures) tell(each, settings.json, log);
  log.info('the sources have ended');
}

function tell(capturing: Capture, json: boolean, log: Log): void {
  const { links, ...counts } = capturing.report();
  if (json) say(JSON.stringify({ links, ...counts }));
  else {
    for (const link of links) log.info('a link', { ...link });
    log.info('readings so far', counts);
  }
}

const noSource = (): LeftOnError =>
  new LeftOnError({
    code: 'no_source',
    place: 'capture',
    expected: '--device, --mqtt-topic, --home-assistant-sensor, --poll-url, --tail, --stdin or --replay',
    found: 'none of them',
    faultClass: 'fatal',
  });
