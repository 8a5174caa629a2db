import { MINUTE } from '../time.ts';

/** How long runs of one kind get in a home: the longest few, and how fast longer ones grow rare. Lengths in ms. */
export interface Tail {
  /** How many of the longest are known, at most TOP. */
  readonly count: number;
  /** The shortest of those: here the tail begins. */
  readonly from: number;
  /** Pareto: a run `e ** index` times as long is e times rarer. */
  readonly index: number;
  /** Exponential: each further stretch of this length makes a run e times rarer. */
  readonly beta: number;
  readonly longest: number;
}

/** The tail begins at the fourth longest run. */
export const TOP = 4;
/** Where that is shorter, it begins here: shorter runs are of no interest. */
export const LEAST_FROM = 20 * MINUTE;
/** What homes are like, and as how many runs that counts. */
const PRIOR = { index: 0.3, runs: 3 };
const LEAST_BETA = 15 * MINUTE;
const LEAST_BETA_SHARE = 0.15;
/** A run is as rare as it is many times as long; the rest of its rarity says by how many minutes. */
const PARETO_SHARE = 0.85;
const MONTH_DAYS = 30;

/** No exponential is taken to be steeper than a quarter of an hour, or than a share of where it begins. */
export const betaOf = (from: number, excess: number): number =>
  Math.max(LEAST_BETA, LEAST_BETA_SHARE * from, excess);

/** Tail of the longest runs, in falling order. */
export function tailOf(lengths: readonly number[]): Tail {
  const top = lengths.slice(0, TOP);
  const from = Math.max(LEAST_FROM, top[top.length - 1] ?? 0);
  const beyond = top.slice(0, TOP - 1).map((length) => Math.max(length, from));
  const ratios = beyond.reduce((sum, length) => sum + Math.log(length / from), 0);
  const index = (ratios + PRIOR.index * PRIOR.runs) / (beyond.length + PRIOR.runs);
  const excess = beyond.reduce((sum, length) => sum + length - from, 0) / Math.max(1, beyond.length);
  return { count: top.length, from, index, beta: betaOf(from, excess), longest: top[0] ?? 0 };
}

/** Runs at least this long in 30 days, as -ln: higher is rarer. days of history. */
export function rarity(tail: Tail, length: number, days: number): number {
  const common = tail.count === 0 ? Math.LN2 : -Math.log((tail.count / days) * MONTH_DAYS);
  if (length <= tail.from) return common;
  const pareto = Math.log(length / tail.from) / tail.index;
  return common + PARETO_SHARE * pareto + ((1 - PARETO_SHARE) * (length - tail.from)) / tail.beta;
}

/** The least length at which a run is this rare, and no shorter than where the tail begins; within a second. */
export function lengthAt(tail: Tail, rare: number, days: number): number {
  const missing = rare - rarity(tail, tail.from, days);
  if (missing <= 0) return tail.from;
  // the exponential alone gets there by then
  let [short, long] = [tail.from, tail.from + (missing * tail.beta) / (1 - PARETO_SHARE)];
  while (long - short > 1000) {
    const middle = (short + long) / 2;
    if (rarity(tail, middle, days) < rare) short = middle;
    else long = middle;
  }
  return long;
}
