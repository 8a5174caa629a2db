import type { ExpectedRange } from '@lefton/core';
import { WEEK_BUCKETS } from '@lefton/core';
import type { Lessons } from './lessons.ts';
import { quantilesAt, trainQuantiles } from './quantile-network.ts';
import type { TrainingOptions, TrainingProgress } from './quantile-network.ts';
import type { LayersModel, TensorFlow } from './tensorflow.ts';

/** Hours, weekdays and seasons, each with one input that is 1. */
export const CALENDAR = [24, 7, 4] as const;
/** What is low, usual and high: shares of the time that the power is below. */
export const QUANTILES = [0.05, 0.5, 0.95] as const;
/** Narrower than this and every kettle would stand outside, as in core. */
const LEAST_RANGE_W = 100;

/** Says every tenth round how far a training has come. */
export const everyTenthRound =
  (say: (line: string) => void, unit = ' W') =>
  ({ round, rounds, loss }: TrainingProgress): void => {
    if (round === 1 || round % 10 === 0 || round === rounds)
      say(`round ${round} of ${rounds}: pinball loss ${loss.toFixed(unit === '' ? 3 : 1)}${unit}`);
  };

/** Trains a network that tells low, usual and high power of an hour, weekday and season. */
export async function trainRange(
  tf: TensorFlow,
  lessons: Lessons,
  training: TrainingOptions,
): Promise<RangeNetwork> {
  const { bucket, season, watts, nextSeason } = lessons;
  const places = new Uint8Array(watts.length * CALENDAR.length);
  for (const i of watts.keys())
    places.set(calendarPlace(bucket[i] ?? 0, season[i] ?? 0), i * CALENDAR.length);
  const shape = { quantiles: QUANTILES, leastRange: LEAST_RANGE_W };
  const network = await trainQuantiles(tf, { kinds: CALENDAR, places, values: watts }, shape, training);
  return new RangeNetwork(tf, network, nextSeason);
}

/** Where a bucket of the week is in a season: hour, weekday, season. */
const calendarPlace = (bucket: number, season: number): readonly [number, number, number] => [
  bucket % 24,
  Math.floor(bucket / 24),
  season,
];

/** A trained network: what it says about each bucket of the week. */
export class RangeNetwork {
  readonly layersModel: LayersModel;
  /** The season that its table is made for, see Lessons. */
  readonly season: number;
  readonly #tf: TensorFlow;

  constructor(tf: TensorFlow, layersModel: LayersModel, season: number) {
    this.#tf = tf;
    this.layersModel = layersModel;
    this.season = season;
  }

  /** Low, usual and high watts of each bucket of the week in its season, each not above the next. */
  range(): ExpectedRange {
    const places = Array.from({ length: WEEK_BUCKETS }, (_, bucket) => calendarPlace(bucket, this.season));
    const said = quantilesAt(this.#tf, this.layersModel, CALENDAR, places);
    const column = (which: number): number[] => said.map((row) => row[which] ?? NaN);
    return { low: column(0), usual: column(1), high: column(2) };
  }

  dispose(): void {
    this.layersModel.dispose();
  }
}
