import { minMaxOfHours } from '@lefton/core';
import { product } from './product.ts';
import type { StreamDetector } from './protocol.ts';
import { weekly } from './weekly.ts';

/** The detectors that are measured with causal thresholds besides the baselines. */
export const detectors: readonly StreamDetector[] = [weekly(minMaxOfHours, 1), product];
