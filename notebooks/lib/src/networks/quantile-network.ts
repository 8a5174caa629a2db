import { applied, glorot, setWeights } from './layers.ts';
import { Random } from './random.ts';
import type { Layer, LayersModel, SymbolicTensor, Tensor, TensorFlow } from './tensorflow.ts';

const HIDDEN = [32, 16] as const;

/** Coarse first, fine at last. */
const LEARNING_RATES = [0.01, 0.003, 0.001];
const BATCH = 1024;
const BATCHES_PER_ROUND = 50;

/** What is learned: values, and the kinds of place that each was seen in. */
export interface QuantileLessons {
  /** How many places there are of each kind, such as 24 hours and 7 weekdays. */
  readonly kinds: readonly number[];
  /** Row by row, one place of each kind. */
  readonly places: Uint8Array;
  readonly values: Float64Array;
}

/** What a network is to tell of each place. */
export interface QuantileShape {
  /** Shares of the values that are below, rising. */
  readonly quantiles: readonly number[];
  /** The highest is at least so much above the lowest. */
  readonly leastRange: number;
}

/** How far a training has come. */
export interface TrainingProgress {
  readonly round: number;
  readonly rounds: number;
  /** Mean pinball loss of the round, in the unit of the values. */
  readonly loss: number;
}

/** How a network is trained. */
export interface TrainingOptions {
  readonly seed: number;
  /** Of 50 batches of 1024 values each; a third of them at each learning rate. */
  readonly rounds?: number;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/**
 * Trains a network that tells quantiles of the values at a place: quantile regression by pinball loss (Koenker and
 * Bassett, 1978). The same lessons, seed and backend give the same network. It lasts as long for many lessons as for few.
 */
export async function trainQuantiles(
  tf: TensorFlow,
  lessons: QuantileLessons,
  shape: QuantileShape,
  { seed, rounds = 30, onProgress }: TrainingOptions,
): Promise<LayersModel> {
  const { kinds, values } = lessons;
  const random = new Random(seed);
  const scale = Math.max(1, values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length);
  const network = untrained(tf, random, inputsOf(kinds), shape, scale);
  const order = Uint32Array.from(values.keys());
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
        loss: pinball(tf, shape.quantiles, scale),
      });
    let sum = 0;
    for (let batch = 0; batch < BATCHES_PER_ROUND; batch++) {
      const { inputs, targets } = batchOf(lessons, shape.quantiles.length, nextLesson);
      const x = tf.tensor2d(inputs, [BATCH, inputsOf(kinds)]);
      const y = tf.tensor2d(targets, [BATCH, shape.quantiles.length]);
      sum += Number(await network.trainOnBatch(x, y));
      x.dispose();
      y.dispose();
    }
    const loss = (sum / BATCHES_PER_ROUND) * scale;
    if (!Number.isFinite(loss)) throw new Error(`the training went astray in round ${round + 1}`);
    onProgress?.({ round: round + 1, rounds, loss });
  }
  return network;
}

/** What a network says of places: a row of rising quantiles for each. */
export function quantilesAt(
  tf: TensorFlow,
  network: LayersModel,
  kinds: readonly number[],
  places: readonly (readonly number[])[],
): number[][] {
  const inputs = new Float32Array(places.length * inputsOf(kinds));
  for (const [row, place] of places.entries()) mark(inputs, row, kinds, (kind) => place[kind] ?? 0);
  const x = tf.tensor2d(inputs, [places.length, inputsOf(kinds)]);
  const outputs = [network.predict(x)].flat();
  const values = outputs.flatMap((output) => Array.from(output.dataSync()));
  for (const tensor of [x, ...outputs]) tensor.dispose();
  const each = values.length / places.length;
  return places.map((_, row) => values.slice(row * each, (row + 1) * each));
}

const inputsOf = (kinds: readonly number[]): number => kinds.reduce((sum, count) => sum + count, 0);

/** Layers of every TensorFlow. The last one is not learned: it adds the rises up, in the unit of the values. */
function untrained(
  tf: TensorFlow,
  random: Random,
  inputs: number,
  { quantiles: { length }, leastRange }: QuantileShape,
  scale: number,
): LayersModel {
  const place = tf.input({ shape: [inputs] });
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
  const first = dense('first', place, inputs, HIDDEN[0], 'relu');
  const second = dense('second', first, HIDDEN[0], HIDDEN[1], 'relu');
  const lowest = dense('lowest', second, HIDDEN[1], 1);
  const rises = dense('rises', second, HIDDEN[1], length - 1, 'softplus');
  const parts = applied(tf.layers.concatenate({ name: 'parts' }), [lowest, rises]);
  const added = tf.layers.dense({ name: 'added', units: length, trainable: false });
  const outputs = applied(added, parts);
  for (const { layer, from, to } of learned)
    setWeights(tf, layer, glorot(random, from, to), new Float32Array(to));
  // row by row: each part is added to its own quantile and to the higher ones
  const sums = Float32Array.from({ length: length * length }, (_, i) =>
    i % length >= Math.floor(i / length) ? scale : 0,
  );
  setWeights(tf, added, sums, new Float32Array(length).fill(leastRange, length - 1));
  return tf.model({ inputs: place, outputs });
}

/** Mean over the quantiles; in parts of the scale, so that one learning rate suits every home. */
const pinball =
  (tf: TensorFlow, quantiles: readonly number[], scale: number) =>
  (wanted: Tensor, said: Tensor): Tensor => {
    const above = tf.mul(tf.sub(wanted, said), tf.tensor1d([1 / scale]));
    const under = tf.tensor1d(quantiles.map((q) => q - 1));
    return tf.mean(tf.maximum(tf.mul(above, tf.tensor1d([...quantiles])), tf.mul(above, under)));
  };

function batchOf(
  { kinds, places, values }: QuantileLessons,
  outputs: number,
  nextLesson: () => number,
): { inputs: Float32Array; targets: Float32Array } {
  const inputs = new Float32Array(BATCH * inputsOf(kinds));
  const targets = new Float32Array(BATCH * outputs);
  for (let row = 0; row < BATCH; row++) {
    const lesson = nextLesson();
    mark(inputs, row, kinds, (kind) => places[lesson * kinds.length + kind] ?? 0);
    targets.fill(values[lesson] ?? 0, row * outputs, (row + 1) * outputs);
  }
  return { inputs, targets };
}

/** One input is 1 of each kind. */
function mark(
  inputs: Float32Array,
  row: number,
  kinds: readonly number[],
  at: (kind: number) => number,
): void {
  let start = row * inputsOf(kinds);
  for (const [kind, count] of kinds.entries()) {
    inputs[start + at(kind)] = 1;
    start += count;
  }
}
