import { Command } from 'commander';
import { counted } from '@lefton/history';
import { action, commandLog, say, wholeOption } from '../cli/command.ts';
import { readSettings } from '../settings/read.ts';
import { settingOptions } from './setting-options.ts';
import { neededKafkaSettings } from '../settings/kafka.ts';
import { TopicAdmin } from '../topics/kafka/admin/topic-admin.ts';
import type { DescribedTopic } from '../topics/kafka/admin/topic-admin.ts';

const EXAMPLES = `
Examples:
  Make the topics on a broker of this machine
    npm run kafka
    LEFTON_KAFKA_BROKERS=127.0.0.1:9092 lefton topics create --partitions 6
  With those that streaming SQL writes: docs/streaming-sql.md
    lefton topics create --sql --kafka-brokers 127.0.0.1:9092
  See what is there beside what is needed
    lefton topics describe --kafka-brokers 127.0.0.1:9092

User, password and certificates are settings as for \`lefton serve\`; docs/kafka.md lists them.
Exit codes: 0 all is there as planned, 1 something is missing or differs, 2 the settings are not right.`;

/** `lefton topics` */
export function topicsCommand(): Command {
  const topics = new Command('topics').description('make and describe the topics on Kafka');
  const common = (name: string, about: string): Command =>
    settingOptions(topics.command(name), ['kafka_brokers', 'kafka_prefix'])
      .description(about)
      .option('--config <file>', 'JSON file with settings')
      .option('--sql', 'also those that streaming SQL writes')
      .option('--json', 'print JSON')
      .addHelpText('after', EXAMPLES);
  common('create', 'make the topics that are missing')
    .option('--partitions <n>', 'of raw_power and what is keyed as it is', wholeOption(1), 6)
    .option(
      '--replication <n>',
      'copies of each record; -1: as many as the cluster says',
      wholeOption(-1),
      -1,
    )
    .action(action('topics create', create));
  common('describe', 'show the topics beside what is needed').action(action('topics describe', describe));
  return topics;
}

interface CreateFlags {
  readonly partitions: number;
  readonly replication: number;
  readonly sql?: boolean;
  readonly json?: boolean;
}

async function create({ partitions, replication, sql, json, ...flags }: CreateFlags): Promise<number> {
  const created = await adminOf(flags, sql).create({ partitions, replication });
  if (json === true) say(JSON.stringify({ created }));
  else say(created.length === 0 ? 'All topics were there.' : `Made ${created.join(', ')}.`);
  return 0;
}

type DescribeFlags = Pick<CreateFlags, 'sql' | 'json'>;

async function describe({ sql, json, ...flags }: DescribeFlags): Promise<number> {
  const described = await adminOf(flags, sql).describe();
  if (json === true) say(JSON.stringify(described));
  else for (const topic of described) say(lineOf(topic));
  return described.every(({ differences }) => differences.length === 0) ? 0 : 1;
}

const adminOf = (flags: Readonly<Record<string, unknown>>, sql = false): TopicAdmin =>
  new TopicAdmin(neededKafkaSettings(readSettings('any', flags, process.env).settings), commandLog(), sql);

function lineOf({ topic, partitions, replication, config, differences }: DescribedTopic): string {
  const notes = differences.map((difference) => `\n    ${difference}`).join('');
  if (partitions === null) return `${topic}${notes}`;
  const details = Object.entries(config).map(([key, value]) => `${key}=${value}`);
  return `${topic}: ${counted(partitions, 'partition')}, ${counted(replication ?? 0, 'copy', 'copies')}, ${details.join(' ')}${notes}`;
}
