import {
  cadenceOf,
  DAY,
  HOUR,
  LeftOnError,
  MINUTE,
  parseWindows,
  reportingOf,
  toSeries,
  Zone,
} from '@lefton/core';
import type { Instant, Reporting, Series, Window } from '@lefton/core';
import { importHistory, openHistoryFile } from '@lefton/history';
import type { ImportedHistory } from '@lefton/history';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { readJson } from '../networks/json-file.ts';

const SAMPLE = join(import.meta.dirname, '../../../../data/sample-house/readings.csv.gz');
const SAMPLE_WINDOWS = join(SAMPLE, '../windows.json');
const SAMPLE_ZONE = 'Europe/Amsterdam';
/** What pictures and provenance call it. */
const SAMPLE_NAME = 'sample house, simulated';
const LEAST_STEP = 15 * MINUTE;
/** What `lefton import` is told by an option, and a notebook cannot be. */
const ASKED = [
  'unknown_format',
  'unit_needed',
  'meter_choice_needed',
  'entity_choice_needed',
  'date_order_needed',
];

/** A stretch that the fit does not know: a reading holds until the next one, but no longer than core's cadence says. */
export interface Gap {
  readonly from: Instant;
  readonly ms: number;
}

/** Columns of mean powers in steps of a quarter of an hour or of the meter, with where each stands in the calendar. */
export interface Table {
  readonly hour: readonly number[];
  /** 0 = Monday. */
  readonly weekday: readonly number[];
  /** `2026-03` */
  readonly month: readonly string[];
  readonly watts: readonly number[];
}

/** A home's history, ready to be looked at. */
export interface Home {
  readonly place: string;
  /** Of the file's bytes after decompression, as in the provenance of models. */
  readonly sha256: string;
  readonly zone: Zone;
  readonly history: ImportedHistory;
  /** What the import assumed or left out. */
  readonly notes: readonly string[];
  readonly reporting: Reporting;
  /** Longest first. */
  readonly gaps: readonly Gap[];
  /** Local dates on which the clock was changed, and the hours of those days. */
  readonly clockChanges: readonly { readonly date: string; readonly hours: number }[];
  readonly table: Table;
  /** Of how many days so many rows of the table are. */
  readonly daysOf: (rows: number) => number;
  /** What people say was left on, or fine, or while nobody was there. */
  readonly windows: readonly Window[];
  /** All of the history in the steps of core's fit. */
  readonly series: Series;
}

/**
 * Reads a home's history, in any form that `lefton import` reads; without a path the sample house, which is simulated.
 * @param zone IANA zone of the home
 * @param marked file of windows as `lefton fit --windows` takes it
 * @throws LeftOnError naming the file and what is wrong with it, Error where there is nothing to look at
 */
export async function readHome(
  path: string | undefined,
  zone: string | undefined,
  marked = path === undefined ? SAMPLE_WINDOWS : undefined,
): Promise<Home> {
  if (path !== undefined && zone === undefined)
    throw new LeftOnError({
      code: 'zone_needed',
      place: path,
      expected: 'the zone of the home in LEFTON_ZONE or in the first cell, such as Europe/Paris',
      found: 'none',
    });
  const own = new Zone(zone ?? SAMPLE_ZONE);
  const file = await openHistoryFile(path === undefined ? SAMPLE : resolve(path));
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.chunks) {
      hash.update(chunk);
      yield chunk;
    }
  }
  const history = await importHistory(hashed(), {
    place: file.place,
    files: file.files,
    zone: own.name,
  }).catch(withWayOut);
  const { at, watts } = history;
  if (at.length < 2) throw new Error(`${file.place} has too few readings to look at`);
  const reporting = reportingOf(at, watts);
  const series = toSeries(at, watts, cadenceOf(reporting));
  const { table, stepMs } = tableOf(history, reporting, own);
  return {
    place: path === undefined ? SAMPLE_NAME : file.place,
    sha256: hash.digest('hex'),
    zone: own,
    history,
    notes: [...file.notes, ...history.report.notes],
    reporting,
    gaps: gapsOf(series),
    clockChanges: clockChanges(own, at[0] ?? 0, at[at.length - 1] ?? 0),
    table,
    daysOf: (rows) => (rows * stepMs) / DAY,
    windows:
      marked === undefined
        ? []
        : parseWindows(readJson(marked, 'windows of what was left on, or fine'), marked),
    series,
  };
}

/** @throws LeftOnError that says how the file is read nevertheless */
function withWayOut(error: unknown): never {
  if (!(error instanceof LeftOnError) || !ASKED.includes(error.code)) throw error;
  const { code, place, found } = error;
  const expected = `${error.expected}; npx lefton import takes options for that (--help), and what it writes with --out home.csv is read here`;
  throw new LeftOnError({ code, place, expected, found });
}

/** The first and the last step may be begun only, and are no gaps. */
function gapsOf({ startAt, stepMs, known }: Series): Gap[] {
  const gaps: Gap[] = [];
  const last = known.lastIndexOf(1);
  for (let i = known.indexOf(1); i >= 0 && i < last;) {
    const next = known.indexOf(1, i + 1);
    if (next > i + 1) gaps.push({ from: startAt + (i + 1) * stepMs, ms: (next - i - 1) * stepMs });
    i = next;
  }
  return gaps.sort((a, b) => b.ms - a.ms);
}

function clockChanges(zone: Zone, from: Instant, to: Instant): { date: string; hours: number }[] {
  const changes: { date: string; hours: number }[] = [];
  for (let day = zone.dayNumber(from); day <= zone.dayNumber(to); day++) {
    const hours = (zone.startOfDay(day + 1) - zone.startOfDay(day)) / HOUR;
    if (hours !== 24) changes.push({ date: zone.format(zone.startOfDay(day)).slice(0, 10), hours });
  }
  return changes;
}

function tableOf(
  { at, watts }: ImportedHistory,
  reporting: Reporting,
  zone: Zone,
): { table: Table; stepMs: number } {
  const own = cadenceOf(reporting);
  const cadence = own.stepMs >= LEAST_STEP ? own : { ...own, stepMs: LEAST_STEP, readingPerStep: false };
  const series = toSeries(at, watts, cadence, () => true);
  const table = {
    hour: [] as number[],
    weekday: [] as number[],
    month: [] as string[],
    watts: [] as number[],
  };
  for (const [i, mean] of series.watts.entries()) {
    if (series.known[i] !== 1) continue;
    const instant = series.startAt + i * series.stepMs;
    table.hour.push(zone.hour(instant));
    table.weekday.push(zone.weekday(instant));
    table.month.push(zone.format(instant).slice(0, 7));
    table.watts.push(mean);
  }
  return { table, stepMs: series.stepMs };
}
