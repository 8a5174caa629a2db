import type { Scorer, Series, Zone } from '@lefton/core';
import { quantilesAt, trainQuantiles } from './quantile-network.ts';
import type { TrainingOptions } from './quantile-network.ts';
import { EDGE, LEAST_RANGE_W, sustainedScorer, USUAL } from './sustained-level.ts';
import type { TensorFlow } from './tensorflow.ts';

/** Hours and weekdays. */
const KINDS = [24, 7] as const;

/** Usual and edge of the sustained level by a network, by hour and weekday: one for each window. */
export const trainSustained = (
  tf: TensorFlow,
  history: Series,
  zone: Zone,
  training: TrainingOptions,
): Promise<Scorer> =>
  sustainedScorer(history, zone, async (highs) => {
    const lessons = {
      kinds: KINDS,
      places: Uint8Array.from(highs.flatMap(({ hour, weekday }) => [hour, weekday])),
      values: Float64Array.from(highs, ({ watts }) => watts),
    };
    const shape = { quantiles: [USUAL, EDGE], leastRange: LEAST_RANGE_W };
    const network = await trainQuantiles(tf, lessons, shape, training);
    const week = Array.from({ length: 168 }, (_, bucket) => [bucket % 24, Math.floor(bucket / 24)]);
    const said = quantilesAt(tf, network, KINDS, week);
    network.dispose();
    const at =
      (which: number) =>
      (hour: number, weekday: number): number =>
        said[weekday * 24 + hour]?.[which] ?? NaN;
    return { usual: at(0), edge: at(1) };
  });
