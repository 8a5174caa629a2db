import { betaOf, HourlyTails, LEAST_FROM, MINUTE } from '@lefton/core';
import type { LearnedRuns, Tail, Tails, TailsOf, Zone } from '@lefton/core';
import { quantilesAt, trainQuantiles } from './quantile-network.ts';
import type { TrainingOptions } from './quantile-network.ts';
import { runLessonsOf } from './run-lessons.ts';
import type { TensorFlow } from './tensorflow.ts';

/** Shares of the days whose longest run around an hour is shorter: what is usual, what is rare, and where the tail begins. */
const QUANTILES = [0.5, 0.9, 0.97, 0.99] as const;
const [RARE, RAREST] = [QUANTILES[2], QUANTILES[3]];
/** No index is taken to be smaller. */
const LEAST_INDEX = 0.15;

/**
 * Trains a network that tells how long runs get, by watcher and hour: quantile regression of the longest run a day. Each tail
 * begins where one day in a hundred has a longer run, and falls as it did from three days in a hundred to there.
 */
export async function trainRuns(
  tf: TensorFlow,
  learned: LearnedRuns,
  zone: Zone,
  training: TrainingOptions,
): Promise<TailsOf> {
  const lessons = runLessonsOf(learned, zone);
  const network = await trainQuantiles(tf, lessons, { quantiles: QUANTILES, leastRange: 0 }, training);
  const places = learned.watchers.flatMap((_, watcher) =>
    Array.from({ length: 24 }, (_hour, hour) => [watcher, hour]),
  );
  const said = quantilesAt(tf, network, lessons.kinds, places);
  network.dispose();
  return ({ runs, days }) =>
    runs.map((own, watcher) => {
      const longest = new HourlyTails(own);
      return new SmoothTails(
        Array.from({ length: 24 }, (_, hour) =>
          tailOf(said[24 * watcher + hour] ?? [], days, longest.at(hour)),
        ),
      );
    });
}

/** Tails that do not know single runs, and so not what was known before a week. */
class SmoothTails implements Tails {
  readonly #byHour: readonly Tail[];

  constructor(byHour: readonly Tail[]) {
    this.#byHour = byHour;
  }

  at(hour: number): Tail {
    const tail = this.#byHour[hour];
    if (tail === undefined) throw new RangeError(`no tail for hour ${hour}`);
    return tail;
  }

  before(hour: number): Tail {
    return this.at(hour);
  }
}

function tailOf(logs: readonly number[], days: number, { longest }: Tail): Tail {
  const lengthAt = (quantile: (typeof QUANTILES)[number]): number =>
    Math.max(0, Math.expm1(logs[QUANTILES.indexOf(quantile)] ?? NaN)) * MINUTE;
  const [from, before] = [Math.max(LEAST_FROM, lengthAt(RAREST)), lengthAt(RARE)];
  const rarer = Math.log((1 - RARE) / (1 - RAREST));
  const beta = betaOf(from, (from - before) / rarer);
  const index = Math.max(LEAST_INDEX, Math.log(from / Math.max(LEAST_FROM / 2, before)) / rarer);
  return { count: (1 - RAREST) * days, from, index, beta, longest };
}
