import { DAY } from '@lefton/core';
import type { Instant, Zone } from '@lefton/core';

/** No reading is older. */
const SINCE = Date.UTC(1990, 0, 1);

/** True when two zones have had the same time each day since 1990: one is another name of the other, or as good as that. */
export function isSameClock(one: Zone, other: Zone, until: Instant): boolean {
  if (one.name === other.name) return true;
  for (let at = SINCE; at < until; at += DAY) if (one.offsetAt(at) !== other.offsetAt(at)) return false;
  return true;
}
