import * as core from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as layers from '@tensorflow/tfjs-layers';
import type { TensorFlow } from './tensorflow.ts';

/** TensorFlow.js as far as the root has it: the same layers on the backend that needs nothing else. */
export async function aTensorFlow(): Promise<TensorFlow> {
  await core.setBackend('cpu');
  return { ...core, ...layers };
}
