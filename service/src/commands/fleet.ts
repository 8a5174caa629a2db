import { LeftOnError } from '@lefton/core';
import { counted } from '@lefton/history';
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { action, wholeOption, say } from '../cli/command.ts';
import { ModelStore } from '../fleet/model-store.ts';
import { ModelWriter } from '../fleet/model-writer.ts';
import { MILLE } from '../fleet/rollout.ts';
import { compare } from './fleet-compare.ts';
import { importModels } from './fleet-import.ts';

const EXAMPLES = `
Examples:
  Fill a store: models of meters, and one that stands for homes without a history
    lefton fleet import models/ --store fleet.db
    lefton fleet import flats.json --cohort flats --store fleet.db
    lefton serve --model-store fleet.db --cohort flats --kafka-brokers 127.0.0.1:9092
  Try new models in 5 % of the homes, look, and decide; running services take each step up within seconds
    lefton fleet import new/ --generation 2 --store fleet.db
    lefton fleet try --generation 2 --per-mille 50 --store fleet.db
    lefton fleet compare --metrics http://127.0.0.1:7420/metrics
    lefton fleet promote --store fleet.db      or      lefton fleet rollback --store fleet.db

docs/fleet.md has the whole of it. Exit codes: 0 done, 1 something was refused, and the line says what.`;

/** `lefton fleet` */
export function fleetCommand(): Command {
  const fleet = new Command('fleet')
    .description('models of many meters: a store, cohorts, and new models tried in a part first')
    .addHelpText('after', EXAMPLES);
  const command = (name: string, about: string): Command =>
    fleet
      .command(name)
      .description(about)
      .requiredOption('--store <file>', 'SQLite file of the models')
      .option('--json', 'print JSON');
  command('import', 'put models into the store: a file, a folder, or a .jsonl file with one in each line')
    .argument('<path>')
    .option('--generation <n>', 'that they belong to (default: the one in use)', wholeOption(1))
    .option('--cohort <name>', 'the model stands for meters of this cohort')
    .action(action('fleet import', importModels));
  command('assign', 'put meters into cohorts: a CSV of meter,cohort')
    .argument('<file>')
    .action(action('fleet assign', assign));
  command('try', 'let some meters use another generation')
    .requiredOption('--generation <n>', 'to try', wholeOption(1))
    .option('--per-mille <n>', 'share of the meters, of 1,000', wholeOption(0, MILLE), 0)
    .option('--meters <file>', 'meters that try it in any case, one in each line')
    .action(action('fleet try', tryOut));
  command('promote', 'all meters use what was tried').action(action('fleet promote', promote));
  command(
    'rollback',
    'end a trial, or go back to before the last promotion; what was not good is deleted',
  ).action(action('fleet rollback', rollBack));
  command('show', 'what is in the store, and what is in use').action(action('fleet show', show));
  fleet
    .command('compare')
    .description(
      'alarms of each generation per meter and month, from the metrics of all processes; the one tried beside the one in use',
    )
    .requiredOption('--metrics <urls...>', 'addresses of /metrics')
    .option('--token <file>', 'file with the token that they ask for')
    .option('--stable <n>', 'to compare with (default: the one in use, as the metrics tell)', wholeOption(1))
    .option('--candidate <n>', 'to compare (default: the one that is tried)', wholeOption(1))
    .option('--json', 'print JSON')
    .action(action('fleet compare', compare));
  return fleet;
}

interface Flags {
  readonly store: string;
  readonly json?: boolean;
}

function assign(list: string, { store: file, json }: Flags): number {
  const rows = linesOf(list).map((line): [string, string] => {
    const [meter = '', cohort = '', ...more] = line.split(',').map((text) => text.trim());
    if (meter !== '' && cohort !== '' && more.length === 0) return [meter, cohort];
    throw new LeftOnError({ code: 'bad_row', place: list, expected: 'meter,cohort', found: line });
  });
  const members = rows.filter(([meter]) => meter !== 'meter');
  changing(file, (store) => {
    store.assign(members);
  });
  say(
    json === true
      ? JSON.stringify({ assigned: members.length })
      : `${counted(members.length, 'meter has', 'meters have')} a cohort.`,
  );
  return 0;
}

function tryOut({
  store: file,
  json,
  ...flags
}: Flags & { readonly generation: number; readonly perMille: number; readonly meters?: string }): number {
  const { generation: candidate, perMille, meters } = flags;
  changing(file, (store) => {
    const rollout = store.rollout();
    if (candidate <= rollout.stable || !store.generations().some((each) => each.generation === candidate))
      throw refusal('--generation', `one with models, newer than ${rollout.stable}`, String(candidate));
    store.roll({ ...rollout, candidate, perMille }, meters === undefined ? [] : linesOf(meters));
  });
  return shown(file, json);
}

function promote({ store: file, json }: Flags): number {
  changing(file, (store) => {
    const { stable, candidate } = store.rollout();
    if (candidate === null) throw refusal('the rollout', 'a generation that is tried', 'none');
    store.roll({ stable: candidate, candidate: null, perMille: 0, previous: stable }, []);
    store.prune(stable);
  });
  return shown(file, json);
}

function rollBack({ store: file, json }: Flags): number {
  changing(file, (store) => {
    const { stable, candidate, previous } = store.rollout();
    const back = candidate === null ? previous : stable;
    if (back === null) throw refusal('the rollout', 'something to go back to', 'neither trial nor promotion');
    store.roll(
      { stable: back, candidate: null, perMille: 0, previous: candidate === null ? null : previous },
      [],
    );
    store.discard(back);
  });
  return shown(file, json);
}

const show = ({ store, json }: Flags): number => shown(store, json);

function shown(file: string, json: boolean | undefined): number {
  const store = new ModelStore(file);
  const [rollout, generations] = [store.rollout(), store.generations()];
  store.close();
  const { stable, candidate, perMille } = rollout;
  if (json === true) say(JSON.stringify({ ...rollout, generations }));
  else {
    for (const { generation, meters, cohorts } of generations)
      say(`Generation ${generation}: ${counted(meters, 'model')} of meters, ${cohorts} of cohorts.`);
    const trial =
      candidate === null ? '' : `, and ${candidate} in ${perMille} of ${MILLE} meters and those named`;
    say(`In use: generation ${stable}${trial}.`);
  }
  return 0;
}

function changing(file: string, work: (store: ModelWriter) => void): void {
  // before it is opened to be written, as a slip of the hand would make one
  new ModelStore(file).close();
  const store = new ModelWriter(file);
  try {
    store.write(() => {
      work(store);
    });
  } finally {
    store.close();
  }
}

const linesOf = (file: string): string[] => {
  try {
    return readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');
  } catch (error) {
    throw refusal(
      file,
      'a file with a line for each meter',
      error instanceof Error ? error.message : 'nothing',
    );
  }
};

const refusal = (place: string, expected: string, found: string): LeftOnError =>
  new LeftOnError({ code: 'bad_rollout', place, expected, found });
