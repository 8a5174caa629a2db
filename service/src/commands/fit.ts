import { DAY, defaultPolicy, fit, formatUtc, holdOut, LeftOnError, parseInstant, partOf } from '@lefton/core';
import type { FitOptions, Instant, LeftOnModel, ModelQuality } from '@lefton/core';
import { counted, toldOf } from '@lefton/history';
import type { Unit } from '@lefton/history';
import { Command } from 'commander';
import { action, instantOption, numberOption, say, zoneOption } from '../cli/command.ts';
import { CSV, readHistory, tellNotes, typed } from '../cli/history-input.ts';
import type { HistoryPaths } from '../cli/history-input.ts';
import { readLabels } from '../cli/labels-input.ts';
import { holidayDays } from '../cli/holidays.ts';
import { writeModel } from '../models/model-output.ts';
import { ProgressLine } from '../cli/progress-line.ts';
import { meterOf } from '../records/reading-format.ts';
import { SOFTWARE } from '../cli/software.ts';
import { readWindows } from '../cli/windows-file.ts';
import { withImportOptions } from './import.ts';

const EXAMPLES = `
Examples:
  Fit a home's model on its whole history
    lefton fit --csv home.csv --zone Europe/Paris --out models/home.json
  From an export for each month
    lefton fit --csv 2024-*.csv --zone Europe/Paris --out models/home.json
  Learn until the first of March, and leave out what is known to have been left on
    lefton fit --csv home.csv --zone Europe/Paris --until 2026-03-01T00:00:00+01:00 --windows known.json --out home.json`;

interface Options {
  readonly csv: HistoryPaths;
  readonly zone: string;
  readonly meter?: string;
  readonly until?: Instant;
  readonly falseAlarmsPerMonth: number;
  readonly windows?: string;
  readonly db?: string;
  readonly holidays?: string;
  readonly holdOut: boolean;
  readonly out: string;
  readonly json?: boolean;
  readonly format?: string;
  readonly unit?: Unit;
}

/** `lefton fit` */
export function fitCommand(): Command {
  const command = new Command('fit')
    .description('make the model of a home from its history')
    .requiredOption(...CSV)
    .requiredOption('--zone <name>', 'IANA zone of the home', zoneOption)
    .option('--until <instant>', 'learn from what is before this only', instantOption)
    .option('--false-alarms-per-month <n>', 'how many needless alerts you would accept', numberOption(0), 1)
    .option('--windows <file>', 'JSON list of {from, to, label: fine | left_on | away}')
    .option('--db <file>', 'database of the service: what was answered to alerts counts')
    .option('--holidays <dates>', 'dates that count as Sundays, by comma')
    .option('--no-hold-out', 'do not measure the model on the last four weeks')
    .requiredOption('--out <file>', 'where the model goes')
    .option('--json', 'print what was fitted as JSON');
  return withImportOptions(command).addHelpText('after', EXAMPLES).action(action('fit', run));
}

async function run(options: Options): Promise<number> {
  const {
    csv,
    zone,
    meter,
    until,
    falseAlarmsPerMonth,
    windows,
    holidays,
    holdOut: measure,
    out,
    json,
  } = options;
  const history = await readHistory(csv, { ...options, zone }, process.stderr);
  tellNotes(history, process.stderr);
  const of = meterOf(meter ?? history.meter);
  const asked: FitOptions = {
    zone,
    meter: of,
    ...(until === undefined ? {} : { until }),
    falseAlarmsPerMonth,
    windows: [
      ...(windows === undefined ? [] : readWindows(windows)),
      ...(options.db === undefined ? [] : readLabels(options.db, of)),
    ],
    holidays: holidays === undefined ? [] : holidayDays(holidays),
    fittedOn: history.place,
    sha256: history.sha256,
    software: SOFTWARE,
  };
  const line = new ProgressLine(process.stderr);
  const progress = (share: number): void => {
    line.show('Fitting', share);
  };
  const fitted = fit(history, { ...asked, progress: partOf(progress, 0, measure ? 0.5 : 1) });
  if (fitted.provenance.readings === 0) {
    const expected = until === undefined ? 'readings' : 'readings before --until';
    const { first, rejected, rejected_count: count } = history.report;
    const why = rejected[0] === undefined ? '' : `, and ${counted(count, 'bad row')}: ${toldOf(rejected[0])}`;
    const found = first === null ? `none${why}` : `first reading at ${first}`;
    throw new LeftOnError({ code: 'no_history', place: history.place, expected, found });
  }
  const measuring = { ...asked, progress: partOf(progress, 0.5, 1) };
  const quality = measure ? holdOut(history, measuring, defaultPolicy) : null;
  line.clear();
  const model = { ...fitted, provenance: { ...fitted.provenance, quality } };
  writeModel(out, model);
  const next = beyondBudget(model, csv);
  say(
    json === true
      ? JSON.stringify({
          out,
          mode: model.mode,
          why: model.why,
          ...model.provenance,
          false_alarms_per_month: falseAlarmsPerMonth,
          over_budget: quality === null ? null : next !== null,
          next,
        })
      : told(options, model, next, history.report.rejected_count),
  );
  return 0;
}

/**
 * What to do where more alerts were measured than the person would accept; null where the budget held, or nothing was
 * measured. The budget of the held-out days is rounded up: alerts come whole.
 */
function beyondBudget(
  { provenance, false_alarms_per_month: accepted }: LeftOnModel,
  csv: HistoryPaths,
): string | null {
  const { quality, until } = provenance;
  if (quality === null) return null;
  const { held_out_days: days, alerts_per_30_days: measured } = quality;
  if (Math.round((measured * days) / 30) <= Math.ceil((accepted * days) / 30)) return null;
  const before = formatUtc((parseInstant(until) ?? 0) - days * DAY);
  const smaller = Math.max(0.1, Math.round((accepted * accepted * 10) / measured) / 10);
  return [
    `See which they were: fit again with --until ${before} --out before.json, then npx lefton backtest --csv ${typed(csv)} --model before.json.`,
    'What was really left on belongs in a file for --windows: it is not counted then, and not learned.',
    smaller < accepted
      ? `If they were needless, fit again with --false-alarms-per-month ${smaller}: fewer alerts, and later ones.`
      : 'If they were needless, more history helps, or a larger budget.',
  ].join('\n');
}

function told({ out, csv }: Options, model: LeftOnModel, next: string | null, rejected: number): string {
  const { mode, why, meter, provenance, cadence, false_alarms_per_month: accepted } = model;
  const { days, from, until, quality } = provenance;
  return [
    `Fitted on ${counted(days, 'day')}, ${from} to ${until}, in steps of ${cadence.step_s / 60} min.`,
    ...(rejected === 0
      ? []
      : [`${counted(rejected, 'row')} could not be used: npx lefton import ${typed(csv)} names them.`]),
    ...(mode === 'learning'
      ? ['Still learning: until about eight weeks of history expect more false alarms.']
      : quality === null
        ? ['Not measured on held-out weeks.']
        : []),
    ...(quality === null ? [] : [measuredOn(quality, next === null ? null : accepted)]),
    ...(next === null ? [] : [next]),
    ...(why === null ? [] : [`It cannot decide yet: ${why}`]),
    `Written to ${out}. Next: npx lefton serve --model ${out}`,
    ...(meter === null || meter === 'home'
      ? []
      : [`It is for the meter ${meter}: readings that name no meter are of the meter home (--meter home).`]),
  ].join('\n');
}

function measuredOn(
  { held_out_days: days, alerts_per_30_days: rate }: ModelQuality,
  accepted: number | null,
): string {
  const told = `On its own last ${days} days it would have alerted ${counted(rate, 'time')} in 30 days`;
  return accepted === null ? `${told}.` : `${told}: more than the ${accepted} that you would accept.`;
}
