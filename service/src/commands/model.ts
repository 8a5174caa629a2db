import { formatUtc, LeftOnError } from '@lefton/core';
import type { Instant } from '@lefton/core';
import { Command } from 'commander';
import { modelCodecOf } from '../avro/codec-of.ts';
import { action, commandLog, instantOption, say } from '../cli/command.ts';
import { readSettings } from '../settings/read.ts';
import type { Settings } from '../settings/settings.ts';
import { neededKafkaSettings } from '../settings/kafka.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { ModelPublisher, withdraw } from '../models/model-publisher.ts';
import type { Published } from '../models/model-publisher.ts';
import { settingOptions } from './setting-options.ts';
import { ModelFiles } from '../models/model-files.ts';
import { KafkaModelTopics } from '../topics/kafka/admin/model-topics.ts';

const EXAMPLES = `
Examples:
  Publish a home's model as the tables power_model and meter_zone; broker and registry are settings as for \`lefton serve\`
    export LEFTON_KAFKA_BROKERS=127.0.0.1:9092 LEFTON_SCHEMA_REGISTRY_URL=http://127.0.0.1:8081/apis/ccompat/v7
    lefton model publish --model models/home.json
  A model for any meter, for two of them; readings since March are held against it
    lefton model publish --model models/august-2018.json --meter flat1 flat2 --valid-from 2026-03-01T00:00:00+01:00
  Take away what is published of a meter
    lefton model withdraw --meter flat2

docs/streaming-sql.md tells what can be done with the tables.
Exit codes: 0 done, 1 a model, the broker or the registry refuses, 2 the settings are not right.`;

interface Flags {
  readonly meter?: readonly string[];
  readonly validFrom?: Instant;
  readonly json?: boolean;
}

/** `lefton model` */
export function modelCommand(): Command {
  const model = new Command('model').description('publish models as tables on Kafka, for streaming SQL');
  const common = (name: string, about: string): Command =>
    settingOptions(model.command(name), ['kafka_brokers', 'kafka_prefix'])
      .description(about)
      .option('--config <file>', 'JSON file with settings')
      .option('--json', 'print JSON')
      .addHelpText('after', EXAMPLES);
  const publishing = common('publish', 'put the expected range of each hour of the week into power_model');
  settingOptions(publishing, ['model', 'zone', 'schema_registry_url'])
    .option('--meter <ids...>', 'only these; a model for any meter is published for `home` unless said here')
    .option(
      '--valid-from <instant>',
      'readings from then on are held against it (default: now)',
      instantOption,
    )
    .action(action('model publish', publish));
  common('withdraw', 'take away what is published of meters')
    .requiredOption('--meter <ids...>', 'of whom')
    .action(action('model withdraw', takeAway));
  return model;
}

async function publish({ meter: asked, validFrom = Date.now(), json, ...flags }: Flags): Promise<number> {
  const { settings } = readSettings('publish', flags, process.env);
  const models = modelsOf(settings);
  const meters = asked ?? models.loaded.map(({ compiled }) => compiled.meter ?? settings.meter);
  const published: Published[] = [];
  await withTopics(settings, async (topics) => {
    const publisher = new ModelPublisher(modelCodecOf(settings), topics);
    for (const meter of new Set(meters)) {
      const model = models.of(meter);
      if (model === undefined) throw noModel(`a model of ${meter}`, 'none');
      published.push(await publisher.publish(model.compiled, meter, validFrom));
    }
  });
  const told = published.map(({ validFrom: from, ...each }) => ({ ...each, valid_from: formatUtc(from) }));
  if (json === true) say(JSON.stringify({ published: told }));
  else
    for (const { meter, ranges, valid_from } of told)
      say(`${meter}: ${ranges} of 168 hours of the week, for readings from ${valid_from} on.`);
  return 0;
}

async function takeAway({ meter: meters = [], json, ...flags }: Flags): Promise<number> {
  const { settings } = readSettings('any', flags, process.env);
  await withTopics(settings, async (topics) => {
    for (const meter of meters) await withdraw(topics, meter, Date.now());
  });
  say(
    json === true ? JSON.stringify({ withdrawn: meters }) : `Nothing is published of ${meters.join(', ')}.`,
  );
  return 0;
}

/** @throws LeftOnError `no_model` for the first file that is refused */
function modelsOf({ model, zone }: Settings): ModelFiles {
  const models = new ModelFiles(model ?? null, zone, commandLog(), new Metrics(), () => Date.now());
  const [refusal] = models.refusals;
  if (refusal !== undefined) throw noModel('only model files that can be read', refusal.why);
  if (models.loaded.length === 0) throw noModel('a model', 'none');
  return models;
}

async function withTopics(
  settings: Settings,
  work: (topics: KafkaModelTopics) => Promise<void>,
): Promise<void> {
  const topics = new KafkaModelTopics(neededKafkaSettings(settings), commandLog());
  try {
    await work(topics);
  } finally {
    await topics.close();
  }
}

const noModel = (expected: string, found: string): LeftOnError =>
  new LeftOnError({ code: 'no_model', place: 'model', expected, found });
