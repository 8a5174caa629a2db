import { LeftOnError } from '@lefton/core';
import { setTimeout } from 'node:timers/promises';
import type { NewRecord, Progress, Topics } from '../ports.ts';

const AGAIN_MS = 500;

/** Appends records when there is room; waits and tries again while the fault is one that passes. Rejects when aborted. */
export async function produceWhenPossible(
  topics: Topics,
  records: readonly NewRecord[],
  signal: AbortSignal,
  progress?: Progress,
): Promise<void> {
  for (;;) {
    await topics.room(signal);
    try {
      await topics.produce(records, progress);
      return;
    } catch (error) {
      if (!(error instanceof LeftOnError) || error.faultClass !== 'transient') throw error;
      await setTimeout(AGAIN_MS, undefined, { signal });
    }
  }
}
