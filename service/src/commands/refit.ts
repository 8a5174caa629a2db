import {
  backtest,
  challenge,
  challengeBy,
  defaultPolicy,
  LeftOnError,
  parseInstant,
  refitOptions,
  successor,
} from '@lefton/core';
import type {
  BacktestSummary,
  Challenge,
  History,
  Instant,
  LeftOnModel,
  OtherVersion,
  Stretch,
  Window,
} from '@lefton/core';
import { counted } from '@lefton/history';
import type { Unit } from '@lefton/history';
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { action, instantOption, numberOption, say, zoneOption } from '../cli/command.ts';
import { CSV, readHistory, tellNotes } from '../cli/history-input.ts';
import type { HistoryPaths } from '../cli/history-input.ts';
import { readLabels } from '../cli/labels-input.ts';
import { readModel } from '../models/model-input.ts';
import { replaceModel } from '../models/model-output.ts';
import { keepRefit, recordOf } from '../refit/refit-record.ts';
import { SettingsError } from '../settings/error.ts';
import { SOFTWARE } from '../cli/software.ts';
import { readStore } from '../store/recent-history.ts';
import { readWindows } from '../cli/windows-file.ts';
import { withImportOptions } from './import.ts';

const EXAMPLES = `
Examples:
  From what the service has kept, its alerts and your answers; it may be running, and takes the model up
    lefton refit --db lefton.db --model models/home.json
  From a newer export
    lefton refit --csv home.csv --model models/home.json
  Held against a model that was made elsewhere, such as one that a notebook has trained two weeks ago or more
    lefton refit --csv home.csv --model models/home.json --challenger models/trained.json

The new model takes the place of the old one only where it is not worse on the last weeks, which neither is fitted on; the
old one stays beside it as FILE.previous, the decisions as FILE.refits. docs/refit.md says how it is decided.
Exit codes: 0 promoted, or kept with the reason; 1 it could not be done; 2 the settings are not right.`;

interface Options {
  readonly csv?: HistoryPaths;
  readonly db?: string;
  readonly model: string;
  readonly challenger?: string;
  readonly zone?: string;
  readonly meter?: string;
  readonly until?: Instant;
  readonly windows?: string;
  readonly falseAlarmsPerMonth?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly format?: string;
  readonly unit?: Unit;
}

/** A history, where it is from, and what was found in it. */
interface Material extends History {
  readonly meter: string;
  readonly place: string;
  readonly sha256: string;
  readonly found: readonly Stretch[];
  readonly windows: readonly Window[];
}

/** `lefton refit` */
export function refitCommand(): Command {
  const command = new Command('refit')
    .description('fit a model anew, and keep the old one where the new one is worse')
    .option(...CSV)
    .option('--db <file>', 'database of the service: the history where there is no --csv, alerts and answers')
    .requiredOption('--model <file>', 'the model in use')
    .option(
      '--challenger <file>',
      'hold this model against it, on weeks that it has not seen, instead of fitting one',
    )
    .option('--zone <name>', 'IANA zone of the home (default: that of the model)', zoneOption)
    .option('--until <instant>', 'learn from what is before this only', instantOption)
    .option('--windows <file>', 'JSON list of {from, to, label: fine | left_on | away}')
    .option(
      '--false-alarms-per-month <n>',
      'another budget than that of the model in use; a new one that can decide is then taken as you want it',
      numberOption(0),
    )
    .option('--dry-run', 'decide, and write nothing')
    .option('--json', 'print the decision as JSON');
  return withImportOptions(command).addHelpText('after', EXAMPLES).action(action('refit', run));
}

async function run(options: Options): Promise<number> {
  const { csv, db, model: file, json, until } = options;
  if (csv === undefined && db === undefined)
    throw new SettingsError(['--csv or --db: one of them is needed']);
  // one of another version cannot decide, so any that can takes its place
  const champion = leftOnModel(file, 'keep');
  const text = readFileSync(file, 'utf8');
  const zone = options.zone ?? champion.zone;
  const material = await materialOf(options, champion, zone);
  const asked = {
    ...refitOptions(champion, {
      windows: material.windows,
      alarmed: material.found,
      fittedOn: material.place,
      sha256: material.sha256,
      software: SOFTWARE,
      policy: defaultPolicy,
    }),
    zone,
    ...(until === undefined ? {} : { until }),
    ...(options.falseAlarmsPerMonth === undefined
      ? {}
      : { falseAlarmsPerMonth: options.falseAlarmsPerMonth }),
  };
  const result =
    options.challenger === undefined
      ? asWanted(challenge(material, champion, asked), champion)
      : challengeBy(leftOnModel(options.challenger, 'refuse'), material, champion, asked);
  const record = recordOf(result, material.meter, Date.now());
  if (options.dryRun !== true) {
    if (result.promoted) replaceModel(file, successor(result, champion), text);
    keepRefit(file, record);
  }
  say(json === true ? JSON.stringify(record) : told(file, result, options.dryRun === true));
  return 0;
}

/** Models for two budgets differ by intent: a person who names another one gets it, and hears how the two compare. */
function asWanted(result: Challenge, { false_alarms_per_month: before }: LeftOnModel): Challenge {
  const { left_on, false_alarms_per_month: wanted } = result.model;
  if (wanted === before || left_on === null) return result;
  const why = `Another budget was asked for, ${wanted} a month instead of ${before}. ${result.why}`;
  return { ...result, promoted: true, why };
}

function leftOnModel(file: string, otherVersion: OtherVersion): LeftOnModel {
  const model = readModel(file, otherVersion);
  if (model.kind === 'left-on') return model;
  const expected = 'a left-on model; a min-max table is kept as it is, lefton fit makes a model that learns';
  throw new LeftOnError({ code: 'bad_model', place: file, expected, found: 'a min-max table' });
}

async function materialOf(options: Options, champion: LeftOnModel, zone: string): Promise<Material> {
  const { csv, db, meter: asked } = options;
  const marked = options.windows === undefined ? [] : readWindows(options.windows);
  if (csv === undefined) {
    const meter = asked ?? champion.meter ?? 'home';
    const stored = readStore(db ?? '', meter, Date.now());
    return { ...stored, meter, windows: [...marked, ...readLabels(db ?? '', meter)] };
  }
  const history = await readHistory(csv, { ...options, zone }, process.stderr);
  tellNotes(history, process.stderr);
  const meter = champion.meter ?? history.meter;
  const answered = db === undefined ? [] : readLabels(db, meter);
  const found = db === undefined ? foundBy(champion, history, meter) : readStore(db, meter, Date.now()).found;
  return { ...history, meter, found, windows: [...marked, ...answered] };
}

/** Without a service's record, what the present model finds in what it has not learned. */
function foundBy(champion: LeftOnModel, history: History, meter: string): readonly Stretch[] {
  const from = parseInstant(champion.provenance.until) ?? 0;
  const steps = backtest(history, champion, { meter, policy: defaultPolicy, from });
  let step: IteratorResult<unknown, BacktestSummary> = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value.stretches;
}

function told(
  file: string,
  { promoted, why, model, notLearned, heldOutDays, windows }: Challenge,
  dry: boolean,
): string {
  const { days, readings, from, until } = model.provenance;
  const on = readings === 0 ? 'no readings' : `${counted(days, 'day')}, ${from} to ${until}`;
  return [
    `Fitted on ${on}${model.mode === 'learning' ? '; still learning' : ''}.`,
    ...(heldOutDays === 0
      ? []
      : [
          `Held against the model in use on the last ${heldOutDays} days, with ${windows} appliances left on.`,
        ]),
    ...(notLearned === 0
      ? []
      : [`${counted(notLearned, 'stretch that was', 'stretches that were')} found unusual: not learned.`]),
    promoted
      ? dry
        ? `Would be promoted. ${why}`
        : `Promoted. ${why} The model before is ${file}.previous.`
      : `Kept the model in use. ${why}`,
  ].join('\n');
}
