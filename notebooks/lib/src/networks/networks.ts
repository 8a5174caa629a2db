import { fit, runsOf } from '@lefton/core';
import { byModel, byScore } from '../contest/contest.ts';
import type { Contestant } from '../contest/contest.ts';
import type { TrainingOptions } from './quantile-network.ts';
import { trainRuns } from './run-network.ts';
import { sustainedByHour } from './sustained-level.ts';
import { trainSustained } from './sustained-network.ts';
import type { TensorFlow } from './tensorflow.ts';

/** Networks, each beside the table that it must be better than. */
export const networks = (tf: TensorFlow, training: TrainingOptions): readonly Contestant[] => [
  byModel('run lengths by network', async ({ history, options, zone }) => {
    const tails = await trainRuns(tf, runsOf(history, options), zone, training);
    return fit(history, { ...options, tails });
  }),
  byScore('sustained level', sustainedByHour),
  byScore('sustained level by network', (history, zone) => trainSustained(tf, history, zone, training)),
];
