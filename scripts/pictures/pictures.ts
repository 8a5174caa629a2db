import { readFileSync } from 'node:fs';
import { backtest, compileModel, DAY, defaultPolicy, fit, parseInstant } from '@lefton/core';
import type { AnomalyEvent, History, Instant, LeftOnModel } from '@lefton/core';
import { importHistory } from '@lefton/history';
import { gunzipSync } from 'node:zlib';
import { dayPicture } from './day.ts';

const SAMPLE = new URL('../../data/sample-house/readings.csv.gz', import.meta.url);
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
  return new Map(
    DAYS.map(([name, title, from]) => {
      const ofDay = events.filter(({ since }) => since >= from && since < from + DAY);
      return [name, dayPicture(title, history, compiled, from, ofDay)];
    }),
  );
}

function told(history: History, model: LeftOnModel): AnomalyEvent[] {
  return [...backtest(history, model, { meter: 'home', policy: defaultPolicy, from: DEMO_FROM })];
}
