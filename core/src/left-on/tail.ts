import { MINUTE } from '../time.ts';

/** How long runs of one kind get in a home: the longest few, and how fast longer ones grow rare. Lengths in ms. */
export interface Tail {
  /** How many of the longest are known, at most TOP. */
  readonly count: number;
  /** The shortest of those. */
  readonly from: number;
  /** Mean excess over `from`: each further stretch of this length makes a run e times rarer. */
  readonly beta: number;
  readonly longest: number;
}

/** The tail begins at the fourth longest run. */
export const TOP = 4;
const LEAST_BETA = 15 * MINUTE;
/** No tail is taken to be steeper than this share of where it begins. */
const LEAST_BETA_SHARE = 0.15;
const MONTH_DAYS = 30;

/** Tail of the longest runs, in falling order. */
export function tailOf(lengths: readonly number[]): Tail {
  const top = lengths.slice(0, TOP);
  const from = top[top.length - 1] ?? 0;
  const excess = top.slice(0, TOP - 1).reduce((sum, length) => sum + length - from, 0);
  const mean = excess / Math.max(1, Math.min(TOP - 1, top.length));
  const beta = Math.max(LEAST_BETA, LEAST_BETA_SHARE * from, mean);
  return { count: top.length, from, beta, longest: top[0] ?? 0 };
}

/** Runs at least this long in 30 days, as -ln: higher is rarer. days of history. */
export function rarity(tail: Tail, length: number, days: number): number {
  if (tail.count === 0) return Math.LN2 + length / LEAST_BETA;
  const common = -Math.log((tail.count / days) * MONTH_DAYS);
  return length <= tail.from ? common : common + (length - tail.from) / tail.beta;
}

/** The length at which a run gets this rare. */
export function lengthAt(tail: Tail, rare: number, days: number): number {
  if (tail.count === 0) return Math.max(0, rare - Math.LN2) * LEAST_BETA;
  const common = -Math.log((tail.count / days) * MONTH_DAYS);
  return tail.from + Math.max(0, rare - common) * tail.beta;
}
