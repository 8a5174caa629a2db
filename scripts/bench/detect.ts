import { parseArgs } from 'node:util';
import { historyOf, LeftOnError, MINUTE, toSeries } from '@lefton/core';
import type { Series } from '@lefton/core';
import { CLOCK, homesFolder, isPresent, loadRealHome, realHomes } from '@lefton/notebook-lib';
import type { RealHome } from '@lefton/notebook-lib';
import { detectors } from './detectors.ts';
import { meansOfDraws } from './draws.ts';
import { measure } from './protocol.ts';
import { recordOf, recordOfMeans, lineOfMeans, tableOf } from './table.ts';

const HELP = `usage: npm run bench:detect -- [--home NAME]... [--step MIN] [--draws N] [--json]

Adds appliances left on to real homes and prints who finds them: recall, recall within 1 h, median delay and false
alarms per 30 clean days. "best" is the most sensitive threshold with at most one false alarm in 30 days of the test
itself; "causal" is what a home gets, from earlier days only.

  --home NAME   only this home; may be repeated
  --step MIN    homes of shorter steps as a meter of these would tell them; others are left out
  --draws N     LeftOn alone, with N draws of appliances, refitted on three weekdays: means
  --json        one JSON line per home
  --help        this text

homes: ${realHomes.map(({ name }) => name).join(', ')}
Exit code 0, also when the data is not there ("skipped"); 2 for wrong use.`;

function main(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      home: { type: 'string', multiple: true },
      step: { type: 'string' },
      draws: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const asked = values.home?.map(homeOf) ?? realHomes;
  const stepMin = values.step === undefined ? null : wholeOf('--step', values.step);
  const draws = values.draws === undefined ? null : wholeOf('--draws', values.draws);
  for (const home of asked) {
    if (isPresent(home)) run(home, stepMin, draws, values.json);
    else console.error(`skipped ${home.name}: no ${home.file} in ${homesFolder}`);
  }
}

function run(home: RealHome, stepMin: number | null, draws: number | null, json: boolean): void {
  console.error(`${home.name}: reading ${home.file}`);
  const asItIs = loadRealHome(home);
  if (stepMin !== null && asItIs.stepMs >= stepMin * MINUTE) return;
  const clean = stepMin === null ? asItIs : inStepsOf(stepMin * MINUTE, asItIs);
  const name = stepMin === null ? home.name : `${home.name} at ${stepMin} min`;
  if (draws !== null) {
    const means = meansOfDraws(clean, CLOCK, draws);
    console.log(json ? recordOfMeans(name, means) : lineOfMeans(name, means));
    return;
  }
  const result = measure(name, clean, CLOCK, detectors, (what) => {
    console.error(`${name}: ${what}`);
  });
  console.log(json ? recordOf(result) : `${tableOf(result)}\n`);
}

/** Means of what is known; unknown where that is less than half of a step. */
function inStepsOf(stepMs: number, series: Series): Series {
  const { at, watts } = historyOf(series);
  return toSeries(at, watts, { stepMs, holdMs: series.stepMs, readingPerStep: false });
}

function wholeOf(place: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new LeftOnError({ code: 'bad_number', place, expected: 'a whole number from 1 on', found: text });
}

function homeOf(name: string): RealHome {
  const home = realHomes.find((known) => known.name === name);
  if (home !== undefined) return home;
  const expected = `one of ${realHomes.map((known) => known.name).join(', ')}`;
  throw new LeftOnError({ code: 'unknown_home', place: '--home', expected, found: JSON.stringify(name) });
}

try {
  main(process.argv.slice(2));
} catch (error) {
  const wrongUse = error instanceof LeftOnError || (error instanceof TypeError && 'code' in error);
  if (!wrongUse) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
