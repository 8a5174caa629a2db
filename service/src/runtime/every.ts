import { isTransient } from '@lefton/core';
import type { Log } from '../telemetry/log.ts';
import type { Pause } from '../ports.ts';

/** Runs work again and again with a pause between, until aborted. Transient faults are logged and tried again. */
export async function every(
  ms: number,
  work: () => void | Promise<void>,
  pause: Pause,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
      log.warn('a regular task did not succeed and is tried again', { code: error.code, why: error.message });
    }
    await pause(ms, signal);
  }
}
