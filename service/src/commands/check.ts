import { fit, LeftOnError, messageOf, wordsIn, Zone } from '@lefton/core';
import type { Model } from '@lefton/core';
import { counted } from '@lefton/history';
import { Command } from 'commander';
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { foundChannels } from '../channels-of.ts';
import { realPause, SystemClock } from '../runtime/clock.ts';
import { action, commandLog, numberOption, say } from '../cli/command.ts';
import { readSettings } from '../settings/read.ts';
import type { Settings } from '../settings/settings.ts';
import { entitiesOf } from '../entities-of.ts';
import { CSV, readHistory } from '../cli/history-input.ts';
import type { HistoryPaths } from '../cli/history-input.ts';
import { idleSettings } from '../settings/idle.ts';
import { listeningProblems } from '../settings/listening.ts';
import { neededKafkaSettings } from '../settings/kafka.ts';
import { Log } from '../telemetry/log.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { ModelFiles } from '../models/model-files.ts';
import { readModel } from '../models/model-input.ts';
import { SettingsError } from '../settings/error.ts';
import { SOFTWARE } from '../cli/software.ts';
import { readWindows } from '../cli/windows-file.ts';
import { inputsFound } from './check-inputs.ts';
import { finding } from './finding.ts';
import type { Finding } from './finding.ts';
import { METERS } from '../settings/options.ts';
import { settingOptions } from './setting-options.ts';

const EXAMPLES = `
Examples:
  Is everything ready to watch this home?
    lefton check --model models/home.json --csv home.csv --zone Europe/Paris
  Do the settings reach Home Assistant, Pushbullet, MQTT and Kafka? Nothing is sent.
    lefton check --config lefton.json
  Is the meter heard, and what does it tell? Of a device, a topic, a sensor or an address; nothing is kept
    lefton check --device /dev/ttyUSB0 --protocol dsmr
    lefton check --config lefton.json --wait 120

Meters are listened to all at the same time, each until a reading came and for --wait at most; one that a running LeftOn
has is said to be so, and that one is asked whether it hears it. --tail is looked at without waiting.
Exit code 0: all well; 1: something is to be mended, and the line says what.`;

interface Options {
  readonly wait: number;
  readonly model?: string;
  readonly csv?: HistoryPaths;
  readonly zone?: string;
  readonly json?: boolean;
}

/** Days would be more than timers take. */
const LONGEST_WAIT_S = 86_400;
const waitOption = numberOption(1, LONGEST_WAIT_S);

/** `lefton check` */
export function checkCommand(): Command {
  return settingOptions(new Command('check'), [...METERS, 'meter', 'tail', 'service_url'])
    .description(
      'look at a model, a history, the settings, what they name, and this machine, and say what is to be mended',
    )
    .option('--model <file>', 'model file')
    .option(...CSV)
    .option('--zone <name>', 'IANA zone of the home')
    .option('--config <file>', 'JSON file with settings; those of the environment count as well')
    .option('--wait <s>', `how long a meter is listened to, ${LONGEST_WAIT_S} at most`, waitOption, 15)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(action('check', run));
}

async function run({ wait, model, csv, zone, json, ...flags }: Options): Promise<number> {
  const findings: Finding[] = [
    await finding('node', () => `${process.version}, clock ${new Date().toISOString()}`),
  ];
  if (zone !== undefined)
    findings.push(await finding('zone', () => `now ${new Zone(zone).format(Date.now())}`));
  if (model !== undefined) findings.push(await finding('model', () => modelFound(model, zone)));
  if (csv !== undefined) findings.push(await finding('history', () => historyFound(csv, zone)));
  findings.push(...(await settingsFound(flags, model, wait)));
  if (json === true) say(JSON.stringify(findings));
  else
    for (const { what, meter, ok, found } of findings)
      say(`${ok ? 'ok  ' : 'BAD '} ${what}${meter === undefined ? '' : ` ${meter}`}: ${found}`);
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

/** The settings, and what they name, as it answers now. */
async function settingsFound(
  flags: Record<string, unknown>,
  lookedAt: string | undefined,
  waitS: number,
): Promise<Finding[]> {
  const asked =
    Object.keys(flags).length > 0 || Object.keys(process.env).some((name) => name.startsWith('LEFTON_'));
  if (!asked) return [];
  let settings: Settings;
  let wrong: string[];
  try {
    const read = readSettings('any', flags, process.env);
    settings = read.settings;
    wrong = idleSettings(settings, read.sources);
    const listens = (lookedAt ?? settings.model ?? settings.metrics_port ?? null) !== null;
    for (const [key, why] of listens ? listeningProblems(settings) : [])
      wrong.push(`${read.sources.get(key) ?? key}: ${why}`);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map((found) => ({ what: 'settings', ok: false, found }));
  }
  const log = commandLog();
  const channels = await foundChannels(settings, {
    print: say,
    words: wordsIn(settings.language),
    system: new SystemClock(),
    log,
  });
  const { model, zone, windows, db } = settings;
  // a capture has neither
  const files = model === undefined ? [] : [finding('database', () => placeFound(db))];
  if (windows !== null) files.push(finding('windows', () => `${readWindows(windows).length} windows`));
  const reached = channels.all
    .filter(({ name }) => name !== 'console')
    .map((channel) => finding(channel.name, () => channel.check()));
  const entities = await entitiesOf(settings, () => [], realPause, log);
  if (entities !== undefined) reached.push(finding('entities', () => entities.check()));
  if (settings.kafka_brokers !== null) reached.push(finding('kafka', () => topicsFound(settings)));
  const inputs = inputsFound(settings, waitS);
  const models = model === undefined || lookedAt !== undefined ? [] : modelsFound(model, zone);
  const found = [...models, ...(await Promise.all([...files, ...reached])), ...(await inputs)];
  await channels.close();
  const unusable = channels.unusable.map(({ name, why }) => ({ what: name, ok: false, found: why }));
  return [...found, ...unusable, ...wrong.map((each) => ({ what: 'settings', ok: false, found: each }))];
}

/** The models as the service would take them up. */
function modelsFound(path: string, zone: string | null): Finding[] {
  // what it would log is told here
  const said = new Log(() => undefined, Date.now);
  const { loaded, refusals } = new ModelFiles(path, zone, said, new Metrics(), Date.now);
  if (loaded.length + refusals.length === 0)
    return [{ what: 'model', ok: true, found: `none in ${path} yet; a history given to the page makes one` }];
  return [
    ...loaded.map(({ compiled }) => ({ what: 'model', ok: true, found: saidOf(compiled.toModel()) })),
    ...refusals.map(({ why }) => ({ what: 'model', ok: false, found: why })),
  ];
}

/** Whether a database can be written where the settings have it. */
function placeFound(db: string): string {
  const path = existsSync(db) ? db : dirname(resolve(db));
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    const found = messageOf(error);
    throw new LeftOnError({ code: 'bad_database', place: db, expected: 'a place to write to', found });
  }
  return existsSync(db) ? db : `${db}, made at the first start`;
}

async function topicsFound(settings: Settings): Promise<string> {
  // loaded when asked for: a home without Kafka does not wait for its client
  const { TopicAdmin } = await import('../topics/kafka/admin/topic-admin.ts');
  const topics = await new TopicAdmin(neededKafkaSettings(settings), commandLog()).describe();
  const different = topics.filter(({ differences }) => differences.length > 0);
  const [first] = different;
  if (first === undefined) return `${topics.length} topics as planned`;
  throw new LeftOnError({
    code: 'topics_differ',
    place: first.topic,
    expected: 'the topics as planned; `lefton topics describe` shows them',
    found: first.differences.join(', '),
  });
}

function modelFound(file: string, zone: string | undefined): string {
  const model = readModel(file);
  if (zone !== undefined && zone !== model.zone) {
    const expected = `a model of ${zone}; fit it anew with --zone ${zone}`;
    throw new LeftOnError({ code: 'other_zone', place: file, expected, found: `one of ${model.zone}` });
  }
  return saidOf(model);
}

function saidOf(model: Model): string {
  const { days, until } = model.provenance;
  const mode =
    model.kind === 'left-on' ? `, ${model.mode}${model.why === null ? '' : ` (${model.why})`}` : '';
  const whom = model.meter === null ? 'any meter' : `meter ${model.meter}`;
  return `${model.kind} for ${whom}, zone ${model.zone}, fitted on ${counted(days, 'day')} until ${until}${mode}`;
}

async function historyFound(files: HistoryPaths, zone: string | undefined): Promise<string> {
  const history = await readHistory(files, { zone }, process.stderr);
  const { readings, gaps, duplicates, rejected_count, format } = history.report;
  const { cadence, provenance, mode, why } = fit(history, {
    zone: zone ?? 'UTC',
    meter: null,
    falseAlarmsPerMonth: 1,
    fittedOn: history.place,
    sha256: null,
    software: SOFTWARE,
  });
  const state = why === null ? mode : `cannot decide yet: ${why}`;
  return (
    `${format}, ${counted(readings, 'reading')}, ${counted(provenance.days, 'day')} in steps of ${cadence.step_s} s; ` +
    `${counted(gaps, 'gap')}, ${counted(duplicates, 'duplicate')}, ${rejected_count} rejected; a model of it would be ${state}`
  );
}
