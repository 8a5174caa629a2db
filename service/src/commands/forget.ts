import { LeftOnError } from '@lefton/core';
import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { captureTools } from '../capture/capture.ts';
import { action, commandLog, numberOption, say } from '../cli/command.ts';
import { readSettings } from '../settings/read.ts';
import type { Settings } from '../settings/settings.ts';
import { kafkaSettings } from '../settings/kafka.ts';
import { eraseTraces, modelTraces, storedRows } from '../models/model-erasure.ts';
import { Database } from '../sqlite/database.ts';
import { Erasure } from '../sqlite/erasure.ts';
import type { Stretch } from '../topics/kafka/admin/stretch.ts';
import { othersOf, placeOf, told } from './forget-report.ts';
import type { Found } from './forget-report.ts';

const EXAMPLES = `
Examples:
  See what is kept of a meter; nothing is deleted
    lefton forget barn --db lefton.db --model models/own
  Delete it; lefton serve is to be stopped for it
    lefton forget barn --db lefton.db --model models/own --yes
  The same while lefton serve runs
    curl -X DELETE http://127.0.0.1:7420/api/meters/barn
  On Kafka, while scorers run; and five minutes later the records that only time would delete
    lefton forget barn --kafka-brokers broker:9092 --yes
    lefton forget barn --kafka-brokers broker:9092 --purge --yes
  As Kafka deletes from the beginning of a partition only, older records of other meters would go as well. Then it
  refuses, with how many, until that is said to be wanted
    lefton forget barn --kafka-brokers broker:9092 --purge --with-others --yes

First stop what sends readings of the meter: a reading that comes later begins it anew. docs/operations.md has the rest.
Exit codes: 0 done, or shown; 1 it could not be done; 2 the settings are not right.`;

/** Who takes a partition of Kafka over folds at most a minute again; clocks may differ. */
const PURGE_OLDER_S = 300;

/** `lefton forget` */
export function forgetCommand(): Command {
  return new Command('forget')
    .argument('<meter>', 'the meter, as its readings name it')
    .description('delete all that is kept of a meter; without --yes only show it')
    .option('--db <file>', 'the database of lefton serve (default: lefton.db)')
    .option('--model <path>', 'its model file, or the folder of them')
    .option('--model-store <file>', "the store of a fleet's models")
    .option('--spool <file>', 'where captured readings wait')
    .option('--kafka-brokers <list>', 'host:port by comma: also on Kafka')
    .option('--kafka-prefix <text>', 'in front of the names of the topics')
    .option('--purge', "delete the older part of the meter's partitions on Kafka up to its last record there")
    .option(
      '--with-others',
      "with --purge: also the records of other meters that stand before the meter's last",
    )
    .option(
      '--older-than-s <n>',
      'of these, what is older than so many seconds',
      numberOption(0),
      PURGE_OLDER_S,
    )
    .option('--config <file>', 'JSON file with settings')
    .option('--yes', 'do it')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(action('forget', forget));
}

interface Flags {
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly purge?: boolean;
  readonly withOthers?: boolean;
  readonly olderThanS: number;
}

async function forget(
  meter: string,
  { yes, json, purge, withOthers, olderThanS, ...flags }: Flags,
): Promise<number> {
  const { settings, sources } = readSettings('any', flags, process.env);
  const { model = null, model_store: store, spool } = settings;
  if (sources.has('db')) mustBeThere(settings.db);
  // looked for before anything goes
  const missing = [model, store, spool].filter((path) => path !== null && !existsSync(path));
  const doIt = yes === true;
  const kafka = await onKafka(settings, meter, purge === true ? olderThanS : undefined);
  // before anything is deleted anywhere
  if (doIt && withOthers !== true) refuseOthers(kafka);
  const traces = modelTraces(model, meter);
  const found: Found = {
    rows: await inDatabase(settings, meter, doIt),
    spooled: await inSpool(settings.spool, meter, doIt),
    stored: storedRows(settings.model_store, meter, doIt),
    files: [...traces.files, ...traces.lines],
    anybodys: traces.anybodys,
    kafka,
    missing: missing.filter((path) => path !== null),
  };
  if (doIt) {
    eraseTraces(traces, meter);
    await forgetOnKafka(settings, meter, kafka);
  }
  if (json === true) say(JSON.stringify({ meter, deleted: doIt, purged: doIt && purge === true, ...found }));
  else for (const line of told(settings, found, doIt, purge === true)) say(line);
  return 0;
}

/** @throws LeftOnError `no_database`: to find nothing in a slip of the hand is not to have forgotten */
function mustBeThere(db: string): void {
  if (existsSync(db)) return;
  const expected = 'the database of lefton serve, as it was named';
  throw new LeftOnError({ code: 'no_database', place: db, expected, found: 'no such file' });
}

async function inDatabase({ db: file }: Settings, meter: string, doIt: boolean): Promise<Found['rows']> {
  if (!existsSync(file)) return {};
  let db: Database;
  try {
    db = new Database(file);
  } catch (error) {
    if (!(error instanceof LeftOnError) || error.code !== 'database_in_use') throw error;
    const expected =
      'lefton serve to be stopped, or to be asked itself: curl -X DELETE ' +
      `http://127.0.0.1:7420/api/meters/${encodeURIComponent(meter)} (with its token, if it has one)`;
    const { code, place } = error;
    throw new LeftOnError({ code, place, expected, found: 'it is running' });
  }
  try {
    const erasure = new Erasure(db);
    if (!doIt) return erasure.count(meter);
    const rows = await erasure.erase(meter, setImmediate);
    erasure.rewrite();
    return rows;
  } finally {
    db.close();
  }
}

async function inSpool(file: string | null | undefined, meter: string, doIt: boolean): Promise<number> {
  if (file === null || file === undefined || !existsSync(file)) return 0;
  const { Spool } = await captureTools();
  const spool = new Spool({ file, most: Infinity, whenFull: 'oldest' });
  try {
    return doIt ? spool.forget(meter) : spool.count(meter);
  } finally {
    spool.close();
  }
}

/** @param olderThanS what is to be purged; undefined for nothing */
async function onKafka(
  settings: Settings,
  meter: string,
  olderThanS: number | undefined,
): Promise<readonly Stretch[]> {
  const kafka = kafkaSettings(settings);
  if (kafka === undefined) return [];
  const { Purge } = await import('../topics/kafka/admin/purge.ts');
  const olderThanMs = olderThanS === undefined ? undefined : olderThanS * 1_000;
  return new Purge(kafka, commandLog()).plan(meter, olderThanMs, Date.now());
}

async function forgetOnKafka(settings: Settings, meter: string, planned: readonly Stretch[]): Promise<void> {
  const kafka = kafkaSettings(settings);
  if (kafka === undefined) return;
  const log = commandLog();
  const { KafkaTopics } = await import('../topics/kafka/kafka.ts');
  const { Purge } = await import('../topics/kafka/admin/purge.ts');
  const topics = new KafkaTopics(kafka, { apply: () => undefined }, log);
  await topics.forget(meter).finally(() => topics.close());
  await new Purge(kafka, log).run(planned);
}

/** @throws LeftOnError `others_go` */
function refuseOthers(planned: readonly Stretch[]): void {
  const shared = planned.filter(({ others }) => others.records > 0);
  if (shared.length === 0) return;
  throw new LeftOnError({
    ...{ code: 'others_go', place: 'purge', faultClass: 'fatal' },
    expected: 'partitions without older records of other meters, or --with-others; nothing was deleted yet',
    found: shared.map((stretch) => `${placeOf(stretch)}: ${othersOf(stretch)}`).join('; '),
  });
}
