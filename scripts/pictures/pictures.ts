import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { backtest, compileModel, DAY, defaultPolicy, fit, parseInstant, sentence } from '@lefton/core';
import type { AnomalyEvent, History, Instant, LeftOnModel, Zone } from '@lefton/core';
import { importHistory } from '@lefton/history';
import { gunzipSync } from 'node:zlib';
import {
  contestOf,
  dayPicture,
  rangeByHour,
  readHome,
  readLeftOnModel,
  scoreByHour,
  sensitivity,
  sensitivityPicture,
} from '@lefton/notebook-lib';
import type { Unusual } from '@lefton/notebook-lib';

const SAMPLE = new URL('../../data/sample-house/readings.csv.gz', import.meta.url);
/** What notebook 20 has made of the sample house. */
const TRAINED = fileURLToPath(new URL('../../models/sample-house.json', import.meta.url));
const DEMO_FROM = parseInstant('2026-03-24T00:00:00+01:00') ?? NaN;
const DAYS: readonly (readonly [string, string, Instant])[] = [
  [
    'heater.svg',
    'The sample house (simulated), Tuesday 24 March: a fan heater left on in the night',
    DEMO_FROM,
  ],
  ['oven.svg', 'The sample house (simulated), Saturday 28 March: an oven left on', DEMO_FROM + 4 * DAY],
];

/** The README's pictures by file name, made by the product from the sample house. */
export async function pictures(): Promise<ReadonlyMap<string, string>> {
  const history = await importHistory([gunzipSync(readFileSync(SAMPLE))], { place: 'sample house' });
  const model = fit(history, {
    zone: 'Europe/Amsterdam',
    meter: 'home',
    until: DEMO_FROM,
    falseAlarmsPerMonth: 0.5,
    fittedOn: 'sample house',
    sha256: null,
    software: 'lefton',
  });
  const compiled = compileModel(model);
  const events = told(history, model);
  const days = DAYS.map(([name, title, from]): [string, string] => {
    const ofDay = events.filter(({ since }) => since >= from && since < from + DAY);
    return [name, dayPicture(title, history, compiled, from, unusual(ofDay, compiled.zone))];
  });
  const trained = compileModel(readLeftOnModel(TRAINED));
  const home = await readHome(undefined, undefined);
  const points = await sensitivity(contestOf('sample house', home.series, home.zone, 1, home.windows), 1);
  return new Map([
    ...days,
    ['expected-range.svg', rangeByHour('The sample house (simulated): expected range by hour', compiled)],
    ['anomaly-score.svg', scoreByHour('The sample house (simulated): anomaly score', compiled)],
    [
      'expected-range-network.svg',
      rangeByHour('The sample house (simulated): expected range by network', trained),
    ],
    [
      'anomaly-score-network.svg',
      scoreByHour('The sample house (simulated): anomaly score by network', trained),
    ],
    [
      'sensitivity.svg',
      sensitivityPicture('The sample house (simulated): what a budget of false alarms brings', points, 1),
    ],
  ]);
}

function unusual(events: readonly AnomalyEvent[], zone: Zone): Unusual | undefined {
  const opened = events.find(({ type }) => type === 'opened');
  if (opened === undefined) return undefined;
  const until = events.find(({ type }) => type === 'closed')?.until ?? null;
  return { since: opened.since, until, toldAt: opened.at, text: sentence(opened, zone) };
}

function told(history: History, model: LeftOnModel): AnomalyEvent[] {
  return [...backtest(history, model, { meter: 'home', policy: defaultPolicy, from: DEMO_FROM })];
}
