import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { defaultLimits, LeftOnError } from '@lefton/core';
import { counted, formatNames, toldOf, writeCanonical } from '@lefton/history';
import type { ImportReport, Unit } from '@lefton/history';
import { Command, Option } from 'commander';
import { action, numberOption, say, zoneOption } from '../cli/command.ts';
import { readHistory } from '../cli/history-input.ts';
import type { HistoryPaths } from '../cli/history-input.ts';
import { lookAt } from '../telemetry/look.ts';
import { writeWholeOf } from '../models/whole-file.ts';

const EXAMPLES = `
Examples:
  What is in this file?
    lefton import export.csv --zone Europe/Paris --json
  Make the canonical table at,watts of it
    lefton import household_power_consumption.txt --zone Europe/Paris --out home.csv
  Several exports of the same columns, which may overlap
    lefton import 2024-*.csv 2025.csv.gz --zone Europe/Paris --out home.csv
    lefton import months.zip --zone Europe/Paris --out home.csv
  The three phases of a Shelly, which are added
    lefton import phase-a.csv phase-b.csv phase-c.csv --out home.csv
  Channels of a Shelly, which the names of their files tell: one is the home, the other one the sun
    lefton import em1-0.csv em1-1.csv --entity em1:0,-em1:1 --out home.csv

Formats: ${formatNames.join(', ')}.
Without --out the table goes to standard output, with --json only the report does.`;

interface Options {
  readonly format?: string;
  readonly zone?: string;
  readonly labels?: 'start' | 'end';
  readonly unit?: Unit;
  readonly meter?: string;
  readonly entity?: string;
  readonly dayFirst?: boolean;
  readonly maxPowerW?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Options that say what a file leaves open; every command that reads a history has them. */
export function withImportOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <name>', 'what the file is, where it is not recognised').choices([...formatNames]),
    )
    .option('--meter <id>', 'meter to read where the file has several; names the result')
    .addOption(new Option('--labels <side>', 'what a row names of its interval').choices(['start', 'end']))
    .addOption(
      new Option('--unit <unit>', 'of the values, where the file does not say').choices([
        'W',
        'kW',
        'Wh',
        'kWh',
        'MWh',
      ]),
    )
    .option(
      '--entity <ids>',
      'entity, device or column to read; several, by comma, are added; -id counts as export',
    )
    .option('--day-first', '03/04 is the third of April')
    .option('--no-day-first', '03/04 is the fourth of March')
    .option(
      '--max-power-w <n>',
      `no home draws more than this (default: ${defaultLimits.mainFuseW})`,
      numberOption(1),
    );
}

/** `lefton import` */
export function importCommand(): Command {
  const command = new Command('import')
    .description('read an export of a meter, a portal or Home Assistant, and make the canonical table of it')
    .argument('<file...>', 'the export; gzip and zip are opened; several are read as one history')
    .option('--zone <name>', 'IANA zone of local times in the file', zoneOption)
    .option('--out <file>', 'where the canonical CSV goes')
    .option('--json', 'print the report as JSON');
  return withImportOptions(command).addHelpText('after', EXAMPLES).action(action('import', run));
}

async function run(files: HistoryPaths, { out, json, ...options }: Options): Promise<number> {
  if (out !== undefined && files.some((file) => isSame(file, out))) {
    throw new LeftOnError({
      code: 'bad_option',
      place: '--out',
      expected: 'another file than the export',
      found: out,
    });
  }
  const history = await readHistory(files, options, process.stderr);
  const { report } = history;
  if (out !== undefined) await writeWholeOf(out, writeCanonical(history));
  else if (json !== true)
    await pipeline(Readable.from(writeCanonical(history)), process.stdout, { end: false });
  if (json === true) say(JSON.stringify(report));
  else process.stderr.write(`${told(report)}\n`);
  return report.readings === 0 ? 1 : 0;
}

/** Whether two names lead to one file. */
function isSame(file: string, other: string): boolean {
  const [one, two] = [lookAt(file), lookAt(other)];
  return 'stat' in one && 'stat' in two && one.stat.dev === two.stat.dev && one.stat.ino === two.stat.ino;
}

function told(report: ImportReport): string {
  const { format, unit, zone, rows, readings, duplicates, gaps, rejected_count, first, last } = report;
  const lines = [
    `${format}: ${counted(readings, 'reading')} of ${counted(rows, 'row')}, values in ${unit}, times in ${zone}`,
    `${first ?? 'nothing'} to ${last ?? 'nothing'}; ${counted(gaps, 'gap')}, ${counted(duplicates, 'duplicate')}, ${rejected_count} rejected`,
    ...report.notes.map((note) => `note: ${note}`),
    ...report.rejected.slice(0, 5).map(toldOf),
  ];
  return lines.join('\n');
}
