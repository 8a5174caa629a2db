import type { ExpectedRange } from '@lefton/core';
import { WEEK_BUCKETS } from '@lefton/core';
import type { Lessons } from './lessons.ts';
import { Random } from './random.ts';
import type { Layer, LayersModel, SymbolicTensor, Tensor, TensorFlow } from './tensorflow.ts';

/** Hours, weekdays and seasons, each with one input that is 1. */
export const INPUTS = 24 + 7 + 4;
/** What is low, usual and high: shares of the time that the power is below. */
export const QUANTILES = [0.05, 0.5, 0.95] as const;
const HIDDEN = [32, 16] as const;
/** Narrower than this and every kettle would stand outside, as in core. */
const LEAST_RANGE_W = 100;

/** Coarse first, fine at last. */
const LEARNING_RATES = [0.01, 0.003, 0.001];
const BATCH = 1024;
const BATCHES_PER_ROUND = 50;

/** How far a training has come. */
export interface TrainingProgress {
  readonly round: number;
  readonly rounds: number;
  /** Mean pinball loss of the round, in watts. */
  readonly lossW: number;
}

/** Says every tenth round how far a training has come. */
export const everyTenthRound =
  (say: (line: string) => void) =>
  ({ round, rounds, lossW }: TrainingProgress): void => {
    if (round === 1 || round % 10 === 0 || round === rounds)
      say(`round ${round} of ${rounds}: pinball loss ${lossW.toFixed(1)} W`);
  };

/** How a network is trained. */
export interface TrainingOptions {
  readonly seed: number;
  /** Of 50 batches of 1024 values each; a third of them at each learning rate. */
  readonly rounds?: number;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/**
 * Trains a network that tells low, usual and high power of an hour, weekday and season: quantile regression by pinball
 * loss (Koenker and Bassett, 1978). The same lessons, seed and backend give the same network. It lasts as long for a
 * year as for a week.
 */
export async function trainRange(
  tf: TensorFlow,
  lessons: Lessons,
  { seed, rounds = 30, onProgress }: TrainingOptions,
): Promise<RangeNetwork> {
  const random = new Random(seed);
  const scaleW = Math.max(
    1,
    lessons.watts.reduce((sum, watts) => sum + Math.abs(watts), 0) / lessons.watts.length,
  );
  const network = untrained(tf, random, scaleW);
  const order = Uint32Array.from(lessons.watts.keys());
  let place = order.length;
  const nextLesson = (): number => {
    if (place >= order.length) {
      random.shuffle(order);
      place = 0;
    }
    return order[place++] ?? 0;
  };
  for (let round = 0; round < rounds; round++) {
    const stage = Math.floor((round * LEARNING_RATES.length) / rounds);
    if (round === 0 || stage !== Math.floor(((round - 1) * LEARNING_RATES.length) / rounds))
      network.compile({
        optimizer: tf.train.adam(LEARNING_RATES[stage] ?? 0.001),
        loss: pinball(tf, scaleW),
      });
    let sum = 0;
    for (let batch = 0; batch < BATCHES_PER_ROUND; batch++) {
      const { inputs, targets } = batchOf(lessons, nextLesson);
      const x = tf.tensor2d(inputs, [BATCH, INPUTS]);
      const y = tf.tensor2d(targets, [BATCH, QUANTILES.length]);
      sum += Number(await network.trainOnBatch(x, y));
      x.dispose();
      y.dispose();
    }
    const lossW = (sum / BATCHES_PER_ROUND) * scaleW;
    if (!Number.isFinite(lossW)) throw new Error(`the training went astray in round ${round + 1}`);
    onProgress?.({ round: round + 1, rounds, lossW });
  }
  return new RangeNetwork(tf, network, lessons.nextSeason);
}

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
    const inputs = new Float32Array(WEEK_BUCKETS * INPUTS);
    for (let bucket = 0; bucket < WEEK_BUCKETS; bucket++) mark(inputs, bucket, bucket, this.season);
    const x = this.#tf.tensor2d(inputs, [WEEK_BUCKETS, INPUTS]);
    const outputs = [this.layersModel.predict(x)].flat();
    const values = outputs.flatMap((output) => Array.from(output.dataSync()));
    for (const tensor of [x, ...outputs]) tensor.dispose();
    const column = (which: number): number[] =>
      Array.from({ length: WEEK_BUCKETS }, (_, bucket) => values[bucket * QUANTILES.length + which] ?? NaN);
    return { low: column(0), usual: column(1), high: column(2) };
  }

  dispose(): void {
    this.layersModel.dispose();
  }
}

/** Layers of every TensorFlow. The last one is not learned: it adds the rises up, in watts. */
function untrained(tf: TensorFlow, random: Random, scaleW: number): LayersModel {
  const calendar = tf.input({ shape: [INPUTS] });
  const learned: { layer: Layer; from: number; to: number }[] = [];
  const dense = (
    name: string,
    input: SymbolicTensor,
    from: number,
    to: number,
    activation?: 'relu' | 'softplus',
  ): SymbolicTensor => {
    const layer = tf.layers.dense({ name, units: to, ...(activation === undefined ? {} : { activation }) });
    learned.push({ layer, from, to });
    return applied(layer, input);
  };
  const first = dense('first', calendar, INPUTS, HIDDEN[0], 'relu');
  const second = dense('second', first, HIDDEN[0], HIDDEN[1], 'relu');
  const lowest = dense('lowest', second, HIDDEN[1], 1);
  const rises = dense('rises', second, HIDDEN[1], QUANTILES.length - 1, 'softplus');
  const parts = applied(tf.layers.concatenate({ name: 'parts' }), [lowest, rises]);
  const added = tf.layers.dense({ name: 'added', units: QUANTILES.length, trainable: false });
  const outputs = applied(added, parts);
  for (const { layer, from, to } of learned)
    setWeights(tf, layer, glorot(random, from, to), new Float32Array(to));
  // row by row: what each part adds to low, usual and high
  const sums = Float32Array.from([1, 1, 1, 0, 1, 1, 0, 0, 1], (share) => share * scaleW);
  setWeights(tf, added, sums, Float32Array.from([0, 0, LEAST_RANGE_W]));
  return tf.model({ inputs: calendar, outputs });
}

/** What a layer makes of the symbols that stand for what will come. */
function applied(layer: Layer, input: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
  const output = layer.apply(input);
  if (!isSymbolic(output)) throw new TypeError('a layer of this TensorFlow gives no symbol');
  return output;
}

const isSymbolic = (value: unknown): value is SymbolicTensor =>
  typeof value === 'object' && value !== null && 'sourceLayer' in value;

function setWeights(tf: TensorFlow, layer: Layer, kernel: Float32Array, bias: Float32Array): void {
  const weights = [
    tf.tensor2d(kernel, [kernel.length / bias.length, bias.length]),
    tf.tensor1d(Array.from(bias)),
  ];
  layer.setWeights(weights);
  for (const weight of weights) weight.dispose();
}

/** Uniform within sqrt(6 / (inputs + outputs)) (Glorot and Bengio, 2010). */
function glorot(random: Random, from: number, to: number): Float32Array {
  const limit = Math.sqrt(6 / (from + to));
  return Float32Array.from({ length: from * to }, () => (2 * random.next() - 1) * limit);
}

/** Mean over low, usual and high; in parts of the scale, so that one learning rate suits every home. */
const pinball =
  (tf: TensorFlow, scaleW: number) =>
  (wanted: Tensor, said: Tensor): Tensor => {
    const above = tf.mul(tf.sub(wanted, said), tf.tensor1d([1 / scaleW]));
    const under = tf.tensor1d(QUANTILES.map((q) => q - 1));
    return tf.mean(tf.maximum(tf.mul(above, tf.tensor1d([...QUANTILES])), tf.mul(above, under)));
  };

function batchOf(
  { bucket, season, watts }: Lessons,
  nextLesson: () => number,
): { inputs: Float32Array; targets: Float32Array } {
  const inputs = new Float32Array(BATCH * INPUTS);
  const targets = new Float32Array(BATCH * QUANTILES.length);
  for (let row = 0; row < BATCH; row++) {
    const lesson = nextLesson();
    mark(inputs, row, bucket[lesson] ?? 0, season[lesson] ?? 0);
    targets.fill(watts[lesson] ?? 0, row * QUANTILES.length, (row + 1) * QUANTILES.length);
  }
  return { inputs, targets };
}

function mark(inputs: Float32Array, row: number, bucket: number, season: number): void {
  const start = row * INPUTS;
  inputs[start + (bucket % 24)] = 1;
  inputs[start + 24 + Math.floor(bucket / 24)] = 1;
  inputs[start + 24 + 7 + season] = 1;
}
