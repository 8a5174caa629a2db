/** Original exports of strangers' homes, kept outside the repository; the figures come from a separate reading in Python. */
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openHistoryFile } from '../files/history-file.ts';
import { importHistory } from '../import.ts';
import type { ImportOptions } from '../options.ts';

const FOLDER = fileURLToPath(new URL('../../../../shared/data/formats/', import.meta.url));

interface Sample {
  readonly file: string;
  /** Of the file as it stands on the disk: the figures are of no other one. */
  readonly bytes: number;
  readonly format: string;
  readonly options?: Partial<ImportOptions>;
  readonly rows: number;
  readonly readings: number;
  readonly first: string;
  readonly last: string;
  /** Sum of all mean powers in W: the energy, where all intervals are equally long. */
  readonly sumW: number;
}

const SAMPLES: readonly Sample[] = [
  {
    file: 'uci_semicolon_raw_1min.txt.gz',
    bytes: 164_803,
    format: 'uci',
    options: { zone: 'Europe/Paris' },
    rows: 15_922,
    readings: 15_920,
    first: '2006-12-16T16:24:00Z',
    last: '2006-12-27T17:45:00Z',
    sumW: 29_847_246,
  },
  {
    file: 'ameren_15min_export.csv',
    bytes: 147_285,
    format: 'ameren',
    options: { zone: 'America/Chicago' },
    rows: 2_989,
    readings: 2_989,
    first: '2024-03-30T05:00:00Z',
    last: '2024-04-30T08:00:00Z',
    sumW: 7_436_720,
  },
  {
    file: 'dsmrreader_hour_export.csv',
    bytes: 373_771,
    format: 'dsmr-reader',
    rows: 8_754,
    readings: 8_754,
    first: '2023-12-31T23:00:00Z',
    last: '2024-12-31T22:00:00Z',
    sumW: 1_614_748,
  },
  {
    file: 'enphase_custom_report.csv',
    bytes: 59_710,
    format: 'enphase',
    options: { zone: 'Europe/Amsterdam' },
    rows: 1_999,
    readings: 1_999,
    first: '2022-10-11T22:00:00Z',
    last: '2023-01-03T04:00:00Z',
    sumW: 474_445,
  },
  {
    file: 'fluvius_15min_export.csv',
    bytes: 363_504,
    format: 'fluvius',
    options: { zone: 'Europe/Brussels' },
    rows: 2_999,
    readings: 1_499,
    first: '2023-10-21T22:15:00Z',
    last: '2023-11-06T12:45:00Z',
    sumW: 1_049_464,
  },
  {
    file: 'greenbutton_opower_2011.xml.gz',
    bytes: 27_577,
    format: 'green-button',
    rows: 2_759,
    readings: 2_759,
    first: '2012-01-13T05:00:00Z',
    last: '2012-05-07T03:00:00Z',
    sumW: 1_149_098,
  },
  {
    file: 'greenbutton_utilityapi_intervals.xml',
    bytes: 75_437,
    format: 'green-button',
    rows: 300,
    readings: 300,
    first: '2023-02-22T18:00:00Z',
    last: '2023-03-07T05:00:00Z',
    sumW: 248_530,
  },
  {
    file: 'homeassistant_history_VERBATIM_HEAD.csv',
    bytes: 1281,
    format: 'home-assistant',
    rows: 15,
    readings: 14,
    first: '2023-01-01T12:01:04Z',
    last: '2023-01-02T16:59:44Z',
    sumW: 13_185.458,
  },
  {
    file: 'homewizard_15min_cumulative.csv',
    bytes: 151_333,
    format: 'homewizard',
    options: { zone: 'Europe/Amsterdam' },
    rows: 2_880,
    readings: 2_879,
    first: '2022-08-31T22:00:00Z',
    last: '2022-09-30T21:30:00Z',
    sumW: 1_981_236,
  },
  {
    file: 'nem12_au_5min.csv.gz',
    bytes: 69_472,
    format: 'nem12',
    rows: 220,
    readings: 30_528,
    first: '2023-10-18T14:00:00Z',
    last: '2024-02-01T13:55:00Z',
    sumW: 3_091_770,
  },
  {
    file: 'octopus_consumption_export.csv',
    bytes: 230_321,
    format: 'octopus',
    rows: 2_999,
    readings: 2_999,
    first: '2023-01-01T00:00:00Z',
    last: '2023-03-04T11:00:00Z',
    sumW: 1_737_100,
  },
  {
    file: 'shelly_em3_phaseA_export.csv',
    bytes: 55_133,
    format: 'shelly',
    rows: 1_999,
    readings: 1_999,
    first: '2024-07-09T00:00:00Z',
    last: '2025-01-20T23:50:00Z',
    sumW: 409_819.8,
  },
];

const skip = existsSync(FOLDER) ? false : `no original exports in ${FOLDER}`;

/** Why a sample cannot be held against its figures; false when it can. */
function skipOf({ file, bytes }: Sample): string | false {
  if (!existsSync(FOLDER + file)) return `no ${file} in ${FOLDER}`;
  const { size } = statSync(FOLDER + file);
  return size === bytes ? false : `${file} has ${size} bytes; the figures are of one with ${bytes}`;
}

for (const sample of SAMPLES) {
  const { file, format, options, rows, readings, first, last, sumW } = sample;
  test(`${format}: ${file} is read as an independent reader reads it`, { skip: skipOf(sample) }, async () => {
    const { chunks, place } = await openHistoryFile(FOLDER + file);
    const { watts, report } = await importHistory(chunks, { place, ...options });
    assert.deepEqual(
      {
        format: report.format,
        rows: report.rows,
        readings: report.readings,
        first: report.first,
        last: report.last,
      },
      { format, rows, readings, first, last },
    );
    assert.deepEqual([report.rejected_count, report.duplicates], [0, 0]);
    const sum = watts.reduce((total, power) => total + power, 0);
    assert.ok(Math.abs(sum - sumW) < 0.01, `${sum} W, not ${sumW} W`);
  });
}

test('home-assistant: two registers of one meter add up to the energy of both', { skip }, async () => {
  const { chunks, place } = await openHistoryFile(
    `${FOLDER}homeassistant_history_cumulative_RESERIALISED.csv`,
  );
  const tariff = 'sensor.electricity_meter_feed_in_tariff_';
  const { at, watts, report } = await importHistory(chunks, { place, entity: `${tariff}1, ${tariff}2` });
  const energy = watts.reduce(
    (sum, power, i) => sum + power * ((at[i + 1] ?? power * 0 + (at[i] ?? 0)) - (at[i] ?? 0)),
    0,
  );
  // the registers rose by 3149.234 and 6888.445 kWh; stretches around their 5 steps back are left out
  assert.ok(Math.abs(energy / 3.6e9 - 10_037.679) < 10, `${energy / 3.6e9} kWh`);
  assert.equal(report.rows, 8_000);
});
