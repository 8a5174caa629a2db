import { compileModel, formatUtc, LeftOnError, watts } from '@lefton/core';
import type { CompiledModel, Expected, Instant, Score } from '@lefton/core';
import { Command } from 'commander';
import { action, hourOption, instantOption, numberOption, say } from '../cli/command.ts';
import { readModel } from '../models/model-input.ts';

const EXAMPLES = `
Examples:
  Is 1,500 W at four in the morning unusual?
    lefton score --model models/august-2018.json --hour 4 --watts 1500
    lefton score --model models/home.json --at 2026-03-24T04:00:00+01:00 --watts 1500 --json

Score: 0 = usual low, 1 = the edge of what has been normal at that time and day.`;

interface Options {
  readonly model: string;
  readonly at?: Instant;
  readonly hour?: number;
  readonly watts: number;
  readonly json?: boolean;
}

/** `lefton score` */
export function scoreCommand(): Command {
  return new Command('score')
    .description('where one power stands at a time of the day')
    .requiredOption('--model <file>', 'model file')
    .option('--at <instant>', 'when', instantOption)
    .option('--hour <h>', 'local hour 0..23, of any weekday', hourOption)
    .requiredOption('--watts <w>', 'power, import positive', numberOption(-Infinity))
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(action('score', run));
}

function run({ model: file, at, hour, watts: power, json }: Options): number {
  const model = compileModel(readModel(file));
  const { place, range, score } = scored(model, at, hour, power);
  if (json === true) {
    say(JSON.stringify({ ...place, watts: power, ...scoreFields(score), ...rangeFields(range) }));
  } else if (!score.known) {
    say(`Unknown: ${score.why}`);
  } else {
    const limits = range.known
      ? ` Expected between ${Math.round(range.low)} and ${Math.round(range.high)} W.`
      : '';
    say(`${score.score.toFixed(2)}: ${score.score > 1 ? 'unusual' : 'normal'}.${limits}`);
  }
  return 0;
}

interface Scored {
  readonly place: { readonly at?: string; readonly hour: number };
  readonly range: Expected;
  readonly score: Score;
}

function scored(
  model: CompiledModel,
  at: Instant | undefined,
  hour: number | undefined,
  power: number,
): Scored {
  if ((at === undefined) === (hour === undefined)) {
    throw new LeftOnError({
      code: 'bad_option',
      place: 'options',
      expected: 'either --at or --hour',
      found: at === undefined ? 'neither' : 'both',
    });
  }
  if (at !== undefined) {
    return {
      place: { at: formatUtc(at), hour: model.zone.hour(at) },
      range: model.expectedAt(at),
      score: model.scoreAt(at, watts(power)),
    };
  }
  const of = hour ?? 0;
  return {
    place: { hour: of },
    range: model.expectedAtHour(of),
    score: model.scoreAtHour(of, watts(power)),
  };
}

const scoreFields = (score: Score): Record<string, unknown> =>
  score.known ? { score: score.score, unusual: score.score > 1 } : { score: null, why: score.why };

const rangeFields = (range: Expected): Record<string, unknown> =>
  range.known ? { low_w: range.low, usual_w: range.usual, high_w: range.high } : {};
