import type { DayProfile } from './day-profiles.ts';
import { applied, glorot, setWeights } from './layers.ts';
import { Random } from './random.ts';
import type { Layer, Tensor, TensorFlow } from './tensorflow.ts';

/** A day goes through three numbers. */
const WIDTHS = [24, 8, 3, 8, 24] as const;
const LEARNING_RATE = 0.01;
const STEPS = 400;

/** How unlike the days that were learned each day is, in watts; 0 = exactly like them. */
export type Unlikeness = (days: readonly DayProfile[]) => number[];

/**
 * Trains an autoencoder: what it cannot say with three numbers is unlike the days that it has learned (Hinton and
 * Salakhutdinov, 2006). The same days, seed and backend give the same network.
 */
export async function trainDays(
  tf: TensorFlow,
  days: readonly DayProfile[],
  seed: number,
  steps = STEPS,
): Promise<Unlikeness> {
  const random = new Random(seed);
  const all = days.flatMap(({ watts }) => watts);
  const scaleW = Math.max(1, all.reduce((sum, watts) => sum + Math.abs(watts), 0) / all.length);
  const tensorOf = (profiles: readonly DayProfile[]): Tensor =>
    tf.tensor2d(Float32Array.from(profiles.flatMap(({ watts }) => watts.map((power) => power / scaleW))), [
      profiles.length,
      24,
    ]);
  const input = tf.input({ shape: [WIDTHS[0]] });
  const layers: { readonly layer: Layer; readonly from: number; readonly to: number }[] = [];
  let output = input;
  for (const [i, from] of WIDTHS.slice(0, -1).entries()) {
    const to = WIDTHS[i + 1] ?? 24;
    // the three numbers and the day itself may be anything
    const bent = to !== 3 && to !== 24;
    const layer = tf.layers.dense({
      ...{ name: `days${i}`, units: to },
      ...(bent ? { activation: 'relu' } : {}),
    });
    output = applied(layer, output);
    layers.push({ layer, from, to });
  }
  for (const { layer, from, to } of layers)
    setWeights(tf, layer, glorot(random, from, to), new Float32Array(to));
  const network = tf.model({ inputs: input, outputs: output });
  const squared = (wanted: Tensor, said: Tensor): Tensor => {
    const off = tf.sub(wanted, said);
    return tf.mean(tf.mul(off, off));
  };
  network.compile({ optimizer: tf.train.adam(LEARNING_RATE), loss: squared });
  const learned = tensorOf(days);
  for (let step = 0; step < steps; step++) await network.trainOnBatch(learned, learned);
  learned.dispose();
  return (asked) => {
    if (asked.length === 0) return [];
    const x = tensorOf(asked);
    const said = [network.predict(x)].flat();
    const values = said.flatMap((tensor) => Array.from(tensor.dataSync()));
    for (const tensor of [x, ...said]) tensor.dispose();
    return asked.map(({ watts }, day) =>
      rootMeanSquare(watts.map((power, hour) => power - (values[24 * day + hour] ?? NaN) * scaleW)),
    );
  };
}

/** The table beside it: how far a day is from the medians of its hours, on work days and at weekends. */
export function usualDays(days: readonly DayProfile[]): Unlikeness {
  const isWeekend = ({ weekday }: DayProfile): boolean => weekday >= 5;
  const medians = [false, true].map((weekend) => {
    const own = days.filter((day) => isWeekend(day) === weekend);
    return Array.from({ length: 24 }, (_, hour) => {
      const sorted = own.map(({ watts }) => watts[hour] ?? NaN).sort((a, b) => a - b);
      return sorted[sorted.length >> 1] ?? NaN;
    });
  });
  return (asked) =>
    asked.map((day) =>
      rootMeanSquare(
        day.watts.map((power, hour) => power - (medians[Number(isWeekend(day))]?.[hour] ?? NaN)),
      ),
    );
}

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
