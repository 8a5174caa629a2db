import type { Instant } from './time.ts';
import type { Watts } from './units.ts';

/** Where a power stands: 0 = usual low, 1 = edge of normal; or why nothing can be said. */
export type Score =
  { readonly known: true; readonly score: number } | { readonly known: false; readonly why: string };

/** Expected range of one bucket, or why there is none. */
export type Expected =
  | { readonly known: true; readonly low: Watts; readonly usual: Watts; readonly high: Watts }
  | { readonly known: false; readonly why: string };

/** What the detector makes of the newest step. */
export type CurrentScore =
  | {
      readonly known: true;
      readonly score: number;
      readonly at: Instant;
      readonly watts: Watts;
      readonly usualWatts: Watts | null;
    }
  | { readonly known: false; readonly why: string };
