import { isTransient } from '@lefton/core';
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
  await whenPossible(async () => {
    await topics.room(signal);
    await topics.produce(records, progress);
  }, signal);
}

/** Tries until the fault is none that passes. Rejects when aborted, also while a cluster does not answer. */
export async function whenPossible<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    reject(new DOMException('aborted', 'AbortError'));
  };
  signal.throwIfAborted();
  signal.addEventListener('abort', abort);
  try {
    for (;;) {
      try {
        return await Promise.race([work(), aborted]);
      } catch (error) {
        if (!isTransient(error)) throw error;
        await setTimeout(AGAIN_MS, undefined, { signal });
      }
    }
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
