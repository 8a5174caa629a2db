import { FROZEN_READINGS } from '../quality.ts';
import { MINUTE } from '../time.ts';
import type { History } from './history.ts';

/** 1 for each reading of a stretch of one value that only a frozen meter sends: so many in a row, for so long. */
export function frozenReadings({ at, watts }: History, frozenMs: number): Uint8Array {
  const frozen = new Uint8Array(at.length);
  let first = 0;
  for (let i = 1; i <= at.length; i++) {
    if (i < at.length && watts[i] === watts[first]) continue;
    const long = (at[i - 1] ?? 0) - (at[first] ?? 0) >= frozenMs - MINUTE;
    if (long && i - first >= FROZEN_READINGS) frozen.fill(1, first, i);
    first = i;
  }
  return frozen;
}
