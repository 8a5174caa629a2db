import { QUIET_MS } from '../evaluate/evaluate.ts';
import type { Judged, JudgedRun } from './hindsight.ts';

const MONTH_DAYS = 30;
/**
 * So much of the budget may be spent on the past, which was judged by less history than there is now, and so told more than the
 * future will.
 */
const AIM = 1.4;
/** The tail of the daily maxima begins at the sixth highest. */
const TOP_DAYS = 6;
const LEAST_BETA = 0.25;
/** Beyond the highest of a short history: so much rarer for a whole budget less. */
const BEYOND = 0.7;
/** With fewer days no week is left out of them. */
const LEAST_DAYS = 28;
/** Rarity from which homes alert; until so many days are known, no home alerts much sooner. */
const PRIOR = { rarity: 5, days: 84 };
/** Rarity of a day without any run. */
const NONE = -6;

/**
 * The rarity from which each view alerts, so that all together would have alerted on the history as often as the budget allows.
 * Rarities of different views are made comparable by how often each had them, not counting the week that is judged.
 * @param handicaps of the views: so much rarer, as -ln, than those of a view without one their runs have to be
 */
export function alertLevels(
  { daily, runs, weeks }: Judged,
  perMonth: number,
  handicaps: readonly number[] = [],
): number[] {
  const days = weeks.length;
  const calibrations = daily.map((view) => new Calibration(view));
  const without = daily.map(() => new Map<number, Calibration>());
  const rareness = ({ view, rarity, week }: JudgedRun): number => {
    if (days < LEAST_DAYS) return calibrations[view]?.rareness(rarity) ?? NaN;
    let others = without[view]?.get(week);
    if (others === undefined) {
      others = new Calibration((daily[view] ?? new Float64Array()).filter((_, day) => weeks[day] !== week));
      without[view]?.set(week, others);
    }
    return others.rareness(rarity);
  };
  const handicap = (view: number): number => handicaps[view] ?? 0;
  const alarms = alarmsOf(runs.map((run) => ({ ...run, rareness: rareness(run) - handicap(run.view) })));
  const level = atRank(alarms, (AIM * perMonth * days) / MONTH_DAYS);
  const own = Math.min(1, days / PRIOR.days);
  return calibrations.map((calibration, view) => {
    const learned = days === 0 ? PRIOR.rarity : calibration.inverse(level + handicap(view));
    return learned + (1 - own) * Math.max(0, PRIOR.rarity - learned);
  });
}

/** The rareness of each alarm, falling, when runs join the alarms of rarer ones that are within an hour of them. */
function alarmsOf(runs: readonly (JudgedRun & { readonly rareness: number })[]): number[] {
  const taken: JudgedRun[] = [];
  const alarms: number[] = [];
  for (const run of [...runs].sort((a, b) => b.rareness - a.rareness)) {
    const joins = taken.some(({ from, end }) => run.from - end < QUIET_MS && from - run.end < QUIET_MS);
    taken.push(run);
    if (!joins) alarms.push(run.rareness);
  }
  return alarms;
}

/** The value that `rank` of the falling values exceed; rank may be a fraction. */
function atRank(sorted: readonly number[], rank: number): number {
  if (rank < 1) return (sorted[0] ?? 0) + (1 - rank) * BEYOND;
  const below = Math.min(sorted.length, Math.floor(rank));
  const value = sorted[below - 1] ?? 0;
  return value + ((sorted[below] ?? value) - value) * (rank - below);
}

/** Makes the rarities of one view comparable with another's: -ln of how often in 30 days its daily maximum is higher. */
class Calibration {
  readonly #sorted: Float64Array;
  readonly #from: number;
  readonly #rank: number;
  readonly #beta: number;

  constructor(daily: Float64Array) {
    this.#sorted = Float64Array.from(daily, (value) => Math.max(value, NONE))
      .sort()
      .reverse();
    this.#rank = Math.max(1, Math.min(TOP_DAYS, this.#sorted.length >> 1));
    this.#from = this.#sorted[this.#rank - 1] ?? 0;
    let excess = 0;
    for (let i = 0; i < this.#rank - 1; i++) excess += (this.#sorted[i] ?? 0) - this.#from;
    this.#beta = Math.max(LEAST_BETA, this.#rank > 1 ? excess / (this.#rank - 1) : 0.5);
  }

  rareness(rarity: number): number {
    if (rarity > this.#from) return this.#often(this.#rank) + (rarity - this.#from) / this.#beta;
    const sorted = this.#sorted;
    let rank = this.#rank;
    while (rank < sorted.length && (sorted[rank] ?? NaN) >= rarity) rank++;
    const [above, below] = [sorted[rank - 1] ?? rarity, sorted[rank] ?? rarity];
    const share = above > below ? Math.min(1, Math.max(0, (above - rarity) / (above - below))) : 0;
    return this.#often(rank + share);
  }

  /** The rarity whose rareness this is, by bisection: rareness never falls. */
  inverse(rareness: number): number {
    let [low, high] = [NONE, 100];
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (this.rareness(middle) > rareness) high = middle;
      else low = middle;
    }
    return high;
  }

  #often(rank: number): number {
    return -Math.log((rank / this.#sorted.length) * MONTH_DAYS);
  }
}
