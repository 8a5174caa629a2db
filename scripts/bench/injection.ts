import { Pcg64 } from './pcg64.ts';
import type { Uniform } from '@lefton/core';

const SEED = 20180805;

/**
 * Draws as the reference does, so that the same appliances are left on at the same times.
 * @param further 0 for its own draw, others for further ones
 */
export function referenceUniform(further = 0): Uniform {
  const random = new Pcg64(SEED + further);
  return (low, high) => random.uniform(low, high);
}
