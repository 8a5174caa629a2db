import { setTimeout } from 'node:timers/promises';

/** A few of these, one after the other, are less than a stop may take. */
const LEAVE_MS = 2_000;

/** Resolves when somebody has left, or when that takes too long: a broker that does not answer holds nobody up. */
export async function soon(leaving: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  const patience = setTimeout(LEAVE_MS, undefined, { signal: enough.signal }).catch(() => undefined);
  await Promise.race([leaving, patience]);
  enough.abort();
}
