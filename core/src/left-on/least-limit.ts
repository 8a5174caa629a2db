import { MINUTE } from '../time.ts';
import type { Tail } from './tail.ts';

/** What is called unusual is longer than the longest that was ever seen around that hour by this factor. */
const BEYOND_LONGEST = 1.3;
/** Shorter than this nothing is called left on. */
const LEAST_MS = 20 * MINUTE;

/** No run is told before it is this long, in ms, whatever the budget. */
export const leastLimit = ({ longest }: Tail): number => Math.max(LEAST_MS, BEYOND_LONGEST * longest);
