import { parseArgs } from 'node:util';
import { LeftOnError } from '@lefton/core';
import { CLOCK, homesFolder, isPresent, loadRealHome, realHomes } from '@lefton/notebook-lib';
import type { RealHome } from '@lefton/notebook-lib';
import { detectors } from './detectors.ts';
import { measure } from './protocol.ts';
import { recordOf, tableOf } from './table.ts';

const HELP = `usage: npm run bench:detect -- [--home NAME]... [--json]

Adds appliances left on to real homes and prints who finds them: recall, recall within 1 h, median delay and false
alarms per 30 clean days. "best" is the most sensitive threshold with at most one false alarm in 30 days of the test
itself; "causal" is what a home gets, from earlier days only.

  --home NAME   only this home; may be repeated
  --json        one JSON line per home
  --help        this text

homes: ${realHomes.map(({ name }) => name).join(', ')}
Exit code 0, also when the data is not there ("skipped"); 2 for wrong use.`;

function main(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      home: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const asked = values.home?.map(homeOf) ?? realHomes;
  for (const home of asked) {
    if (isPresent(home)) run(home, values.json);
    else console.error(`skipped ${home.name}: no ${home.file} in ${homesFolder}`);
  }
}

function run(home: RealHome, json: boolean): void {
  console.error(`${home.name}: reading ${home.file}`);
  const result = measure(home.name, loadRealHome(home), CLOCK, detectors, (what) => {
    console.error(`${home.name}: ${what}`);
  });
  console.log(json ? recordOf(result) : `${tableOf(result)}\n`);
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
