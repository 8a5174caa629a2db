import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Zone } from '@lefton/core';
import type { Series } from '@lefton/core';
import { contestOf } from './contest.ts';
import type { Contest } from './contest.ts';
import { gridOf } from './grid.ts';

/** Cells of one row by the names of the header. */
type Cell = (column: string) => string;

/** A real home of shared/data/homes; its README says where each comes from. */
export interface RealHome {
  readonly name: string;
  readonly file: string;
  /** The zone people live in; `UTC` where the source does not tell. */
  readonly zone: string;
  /** What the column of times shows. */
  readonly stamps: 'wall clock' | 'UTC';
  /** What the columns hold, and how it becomes watts; NaN for a row that is missing, filled or imputed. */
  readonly unit: string;
  readonly watts: (cell: Cell) => number;
}

const number = (text: string): number => (text === '' ? NaN : Number(text));
const unlessMarked = (cell: Cell, mark: string, column: string): number =>
  cell(mark) === '0' ? number(cell(column)) : NaN;

export const realHomes: readonly RealHome[] = [
  {
    name: 'refit_house2',
    file: 'refit_house2_1min.csv.gz',
    zone: 'Europe/London',
    stamps: 'wall clock',
    unit: 'mean W per minute',
    watts: (cell) => unlessMarked(cell, 'filled', 'aggregate_w'),
  },
  {
    name: 'ukdale_house2',
    file: 'ukdale_house2_1min.csv.gz',
    zone: 'Europe/London',
    stamps: 'wall clock',
    unit: 'mean W per minute',
    watts: (cell) => unlessMarked(cell, 'filled', 'aggregate_w'),
  },
  {
    name: 'shelly_3em',
    file: 'shelly_3em_10min.csv.gz',
    zone: 'UTC',
    stamps: 'UTC',
    unit: 'Wh per 10 min on each of three phases',
    watts: (cell) => (number(cell('a_wh')) + number(cell('b_wh')) + number(cell('c_wh'))) * 6,
  },
  {
    name: 'lcl_mac000002',
    file: 'lcl_mac000002_halfhour.csv.gz',
    zone: 'Europe/London',
    stamps: 'wall clock',
    unit: 'kWh per half hour',
    watts: (cell) => number(cell('kwh')) * 2000,
  },
  {
    name: 'us_ameren',
    file: 'us_ameren_15min.csv.gz',
    zone: 'America/Chicago',
    stamps: 'wall clock',
    unit: 'kWh per 15 min',
    watts: (cell) => number(cell('kwh')) * 4000,
  },
  {
    name: 'uci_sceaux',
    file: 'uci_sceaux_hourly.csv.gz',
    zone: 'Europe/Paris',
    stamps: 'wall clock',
    unit: 'mean W per hour',
    watts: (cell) => unlessMarked(cell, 'imputed_flag', 'mean_w'),
  },
  {
    name: 'nl_dsmrreader',
    file: 'nl_dsmrreader_hourly.csv.gz',
    zone: 'Europe/Amsterdam',
    stamps: 'wall clock',
    unit: 'kWh per hour, import and export',
    watts: (cell) => (number(cell('import_kwh')) - number(cell('export_kwh'))) * 1000,
  },
  {
    name: 'nl_homeassistant',
    file: 'nl_homeassistant_hourly_utc.csv.gz',
    zone: 'Europe/Amsterdam',
    stamps: 'UTC',
    unit: 'kWh per hour, import',
    watts: (cell) => number(cell('import_kwh')) * 1000,
  },
  {
    name: 'au_nem12',
    file: 'au_nem12_5min.csv.gz',
    zone: 'Australia/Brisbane',
    stamps: 'wall clock',
    unit: 'kWh per 5 min, import and export',
    watts: (cell) => (number(cell('import_e1_kwh')) - number(cell('export_b1_kwh'))) * 12_000,
  },
];

/** Beside the repository, never in it: licences differ. */
export const homesFolder = fileURLToPath(new URL('../../../../../shared/data/homes/', import.meta.url));

export const isPresent = (home: RealHome): boolean => existsSync(homesFolder + home.file);

/**
 * The home's power on a grid of its wall clock: startAt and the steps are wallClockMs, not instants, so hours are
 * those of `CLOCK`. The hour that autumn repeats is averaged and the one that spring skips is a gap, as in the
 * reference.
 */
export function loadRealHome(home: RealHome): Series {
  const text = gunzipSync(readFileSync(homesFolder + home.file)).toString('latin1');
  const at: number[] = [];
  const watts: number[] = [];
  let end = text.indexOf('\n');
  const columns = new Map(
    text
      .slice(0, end)
      .trimEnd()
      .split(',')
      .map((name, i) => [name, i]),
  );
  const offsetAt = offsets(home);
  let cells: readonly string[] = [];
  const cell: Cell = (column) => cells[columns.get(column) ?? NaN] ?? '';
  while (end >= 0) {
    const start = end + 1;
    end = text.indexOf('\n', start);
    cells = text.slice(start, end < 0 ? undefined : end).split(',');
    const power = home.watts(cell);
    if (Number.isNaN(power)) continue;
    const stamp = stampMs(cells[0] ?? '');
    at.push(stamp + offsetAt(stamp));
    watts.push(power);
  }
  return gridOf(at, watts);
}

/** The zone to read hours and days of a grid from loadRealHome in. */
export const CLOCK = new Zone('UTC');

/**
 * A contest for each of the homes that are here.
 * @param say hears which are not
 */
export function* realContests(perMonth: number, say: (line: string) => void): Generator<Contest> {
  for (const home of realHomes) {
    if (isPresent(home)) yield contestOf(home.name, loadRealHome(home), CLOCK, perMonth);
    else say(`skipped ${home.name}: ${home.file} is not in ${homesFolder}`);
  }
}

function offsets(home: RealHome): (stamp: number) => number {
  if (home.stamps === 'wall clock') return () => 0;
  const zone = new Zone(home.zone);
  return (stamp) => zone.offsetAt(stamp);
}

/** `2013-10-01 00:00:00`, whatever follows. */
function stampMs(text: string): number {
  const part = (from: number, to: number): number => Number(text.slice(from, to));
  return Date.UTC(part(0, 4), part(5, 7) - 1, part(8, 10), part(11, 13), part(14, 16), part(17, 19));
}
