import {
  createState,
  compileModel,
  defaultPolicy,
  detect,
  fit,
  MINUTE,
  parseModel,
  watts,
} from '@lefton/core';
import type { CompiledModel, History } from '@lefton/core';
import { importHistory } from '@lefton/history';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { parse } from 'csv-parse';
import isolation from 'isolation-forest';
import { readFileSync } from 'node:fs';
import { contest, tableOfPaces } from './contest.ts';
import type { Contestant } from './contest.ts';
import { aYear, sampleText } from './year.ts';

const LOOKUP = 'bare min-max lookup';
const LOOP = 'bare csv-parse loop';
const FEW = { forest: 5_000, predict: 500 };

const year = await aYear();
const options = {
  zone: 'Europe/Amsterdam',
  meter: 'home',
  falseAlarmsPerMonth: 1,
  fittedOn: 'bench',
  sha256: null,
  software: 'bench',
};
const model = compileModel(fit(year, options));

console.log(`Node ${process.version}, one core, median of 5 rounds in turn\n`);
const scoring = await contest([
  { name: LOOKUP, run: () => lookUp(year) },
  { name: 'detect, minute readings', run: () => detectAll(model, year, 1) },
  { name: 'detect, second readings', run: () => detectAll(model, year, 60) },
  isolationForest(year),
  await onePredict(year),
]);
console.log(`${tableOfPaces('Scoring', 'readings', scoring, LOOKUP)}\n`);

const text = sampleText();
const reading = await contest([
  { name: LOOP, run: () => parseOnly(text) },
  {
    name: 'import, canonical CSV',
    run: async () => (await importHistory([text], { place: 'sample' })).report.rows,
  },
]);
console.log(`${tableOfPaces('Import', 'rows', reading, LOOP)}\n`);

const fitting = await contest([{ name: 'fit', run: () => (fit(year, options), 1) }]);
const [pace] = fitting;
console.log(`Fit of a year of minutes (525,600): ${(1 / (pace?.perSecond ?? NaN)).toFixed(2)} s`);
const { rss, heapUsed } = process.memoryUsage();
console.log(
  `Memory of this process at the end: ${Math.round(rss / 2 ** 20)} MB, heap ${Math.round(heapUsed / 2 ** 20)} MB`,
);

/** The least that the article's detector must do: the local hour, two numbers, one comparison. */
function lookUp({ at, watts: power }: History): number {
  const file = new URL('../../models/august-2018.json', import.meta.url);
  const table = parseModel(JSON.parse(readFileSync(file, 'utf8')));
  if (table.kind !== 'min-max') throw new TypeError('the August table is a min-max model');
  const [low, high] = [Float64Array.from(table.low), Float64Array.from(table.high)];
  let unusual = 0;
  for (let i = 0; i < at.length; i++) {
    const hour = model.zone.hour(at[i] ?? 0);
    const lowest = low[hour] ?? 0;
    if (((power[i] ?? 0) - lowest) / ((high[hour] ?? 0) - lowest) > 1) unusual++;
  }
  return unusual >= 0 ? at.length : 0;
}

/** `perMinute` readings in each minute. */
function detectAll(compiled: CompiledModel, { at, watts: power }: History, perMinute: number): number {
  const state = createState(compiled, 'home');
  const reading = { meter: 'home', at: 0, watts: watts(0), energyWh: null, source: '' };
  const count = perMinute === 1 ? at.length : Math.floor(at.length / 10) * perMinute;
  const distance = MINUTE / perMinute;
  const start = at[0] ?? 0;
  for (let i = 0; i < count; i++) {
    reading.at = start + i * distance;
    reading.watts = watts(power[Math.floor(i / perMinute)] ?? 0);
    detect(compiled, defaultPolicy, state, reading, Infinity);
  }
  return count;
}

/** The npm package's forest on power and hour, with its own defaults. */
function isolationForest({ at, watts: power }: History): Contestant {
  const rows = Array.from({ length: FEW.forest }, (_, i) => ({
    watts: power[i * 100] ?? 0,
    hour: model.zone.hour(at[i * 100] ?? 0),
  }));
  const forest = new isolation.IsolationForest();
  forest.fit(rows);
  return { name: 'isolation forest (npm)', run: () => forest.predict(rows).length };
}

/** A small network asked once per reading. */
async function onePredict({ watts: power }: History): Promise<Contestant> {
  await tf.setBackend('cpu');
  const network = sequential({
    layers: [layers.dense({ units: 32, activation: 'relu', inputShape: [2] }), layers.dense({ units: 1 })],
  });
  return {
    name: 'one tfjs predict per reading',
    run: () => {
      for (let i = 0; i < FEW.predict; i++) {
        tf.tidy(() => {
          const output = network.predict(tf.tensor2d([[power[i] ?? 0, i % 24]]));
          if (!Array.isArray(output)) output.dataSync();
        });
      }
      return FEW.predict;
    },
  };
}

async function parseOnly(bytes: Buffer): Promise<number> {
  const parser = parse();
  let rows = 0;
  parser.on('readable', () => {
    while (parser.read() !== null) rows++;
  });
  const done = new Promise((resolve, reject) => parser.on('end', resolve).on('error', reject));
  parser.end(bytes);
  await done;
  return rows;
}
