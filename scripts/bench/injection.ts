import { Pcg64 } from './pcg64.ts';
import type { Uniform } from '@lefton/core';

const SEED = 20180805;

/** Draws as the reference does, so that the same appliances are left on at the same times. */
export function referenceUniform(): Uniform {
  const random = new Pcg64(SEED);
  return (low, high) => random.uniform(low, high);
}
