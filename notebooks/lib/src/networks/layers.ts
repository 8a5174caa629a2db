import type { Random } from './random.ts';
import type { Layer, SymbolicTensor, TensorFlow } from './tensorflow.ts';

/** What a layer makes of the symbols that stand for what will come. */
export function applied(layer: Layer, input: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
  const output = layer.apply(input);
  if (!isSymbolic(output)) throw new TypeError('a layer of this TensorFlow gives no symbol');
  return output;
}

const isSymbolic = (value: unknown): value is SymbolicTensor =>
  typeof value === 'object' && value !== null && 'sourceLayer' in value;

/** Row by row, and a bias for each output. */
export function setWeights(tf: TensorFlow, layer: Layer, kernel: Float32Array, bias: Float32Array): void {
  const weights = [
    tf.tensor2d(kernel, [kernel.length / bias.length, bias.length]),
    tf.tensor1d(Array.from(bias)),
  ];
  layer.setWeights(weights);
  for (const weight of weights) weight.dispose();
}

/** Uniform within sqrt(6 / (inputs + outputs)) (Glorot and Bengio, 2010). */
export function glorot(random: Random, from: number, to: number): Float32Array {
  const limit = Math.sqrt(6 / (from + to));
  return Float32Array.from({ length: from * to }, () => (2 * random.next() - 1) * limit);
}
