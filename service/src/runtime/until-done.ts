import { isTransient } from '@lefton/core';
import { setTimeout } from 'node:timers/promises';
import type { Log } from '../telemetry/log.ts';

const AGAIN_MS = 1_000;

/** Tries until it is done or aborted, while the fault is one that passes; each one is logged as `event`. */
export async function untilDone(
  event: string,
  work: () => Promise<void>,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isTransient(error)) throw error;
      log.warn(event, { why: error.message });
      await setTimeout(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
