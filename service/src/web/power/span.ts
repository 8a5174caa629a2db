import { DAY, MINUTE } from '../document/notation.ts';

/** A stretch of time in ms since 1970 UTC. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** So much the service tells at once. */
export const LONGEST_ASKED = 400 * DAY;
/** Close enough to see single readings, and as far as leaves something around it. */
const LEAST_MS = 2 * MINUTE;
const MOST_MS = 380 * DAY;

export const lengthOf = ({ from, to }: Span): number => to - from;

/** @param share of its own length, to later where positive */
export function moved({ from, to }: Span, share: number): Span {
  const by = (to - from) * share;
  return { from: from + by, to: to + by };
}

/** @param factor of the length @param around what stays where it is, 0 the beginning, 1 the end */
export function zoomed({ from, to }: Span, factor: number, around: number): Span {
  const length = Math.min(MOST_MS, Math.max(LEAST_MS, (to - from) * factor));
  const fixed = from + (to - from) * around;
  return { from: fixed - length * around, to: fixed + length * (1 - around) };
}

/** A span with as much of its own length before and after it. */
export const widened = ({ from, to }: Span, share: number): Span => ({
  from: from - (to - from) * share,
  to: to + (to - from) * share,
});

export const contains = (outer: Span, inner: Span): boolean =>
  outer.from <= inner.from && outer.to >= inner.to;
