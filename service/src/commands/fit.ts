import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { defaultPolicy, fit, holdOut, LeftOnError } from '@lefton/core';
import type { FitOptions, Instant, LeftOnModel } from '@lefton/core';
import type { Unit } from '@lefton/history';
import { Command } from 'commander';
import { action, instantOption, numberOption, say } from '../command.ts';
import { readHistory } from '../history-input.ts';
import { readLabels } from '../labels-input.ts';
import { holidayDays } from '../holidays.ts';
import { readModel } from '../model-input.ts';
import { SOFTWARE } from '../software.ts';
import { readWindows } from '../windows-file.ts';
import { withImportOptions } from './import.ts';

const EXAMPLES = `
Examples:
  Fit a home's model on its whole history
    lefton fit --csv home.csv --zone Europe/Paris --out models/home.json
  Learn until the first of March, and leave out what is known to have been left on
    lefton fit --csv home.csv --zone Europe/Paris --until 2026-03-01T00:00:00+01:00 --windows known.json --out home.json`;

interface Options {
  readonly csv: string;
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
    .requiredOption('--csv <file>', 'the history: canonical CSV, or any export that import reads')
    .requiredOption('--zone <name>', 'IANA zone of the home')
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
  const asked: FitOptions = {
    zone,
    meter: meter ?? history.meter,
    ...(until === undefined ? {} : { until }),
    falseAlarmsPerMonth,
    windows: [
      ...(windows === undefined ? [] : readWindows(windows)),
      ...(options.db === undefined ? [] : readLabels(options.db, meter ?? history.meter)),
    ],
    holidays: holidays === undefined ? [] : holidayDays(holidays),
    fittedOn: history.place,
    sha256: history.sha256,
    software: SOFTWARE,
  };
  const fitted = fit(history, asked);
  if (fitted.provenance.readings === 0) {
    const found = `first reading at ${history.report.first ?? 'no time at all'}`;
    throw new LeftOnError({ code: 'no_history', place: csv, expected: 'readings before --until', found });
  }
  const quality = measure ? holdOut(history, asked, defaultPolicy) : null;
  const model = { ...fitted, provenance: { ...fitted.provenance, quality } };
  writeModel(out, model);
  say(
    json === true
      ? JSON.stringify({ out, mode: model.mode, why: model.why, ...model.provenance })
      : told(out, model),
  );
  return 0;
}

/** Whole or not at all: a service that looks at the file never sees half of it. */
function writeModel(out: string, model: LeftOnModel): void {
  // a slip of the hand must not cost somebody their history
  if (existsSync(out)) readModel(out);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(`${out}.part`, `${JSON.stringify(model)}\n`);
  renameSync(`${out}.part`, out);
}

function told(out: string, { mode, why, provenance, cadence }: LeftOnModel): string {
  const { days, from, until, quality } = provenance;
  const held =
    quality === null
      ? 'Not measured on held-out weeks.'
      : `On its own last ${quality.held_out_days} days it would have alerted ${quality.alerts_per_30_days} times in 30 days.`;
  return [
    `Fitted on ${days} days, ${from} to ${until}, in steps of ${cadence.step_s / 60} min.`,
    mode === 'learning'
      ? 'Still learning: until about eight weeks of history expect more false alarms.'
      : held,
    ...(why === null ? [] : [`It cannot decide yet: ${why}`]),
    `Written to ${out}. Next: npx lefton serve --model ${out}`,
  ].join('\n');
}
