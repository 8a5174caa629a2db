const MONTH_DAYS = 30;
/** The tail of the daily maxima begins at the sixth highest. */
const TOP_DAYS = 6;
const LEAST_BETA = 0.25;
/** Beyond the highest day of a short history: so much rarer for a whole budget less. */
const BEYOND = 0.7;

/**
 * The rarity from which each view alerts, so that together they would have alerted on as many days of the history as
 * the budget allows. daily: per view the highest rarity of each day, -Infinity for a day without any run.
 */
export function alertLevels(daily: readonly Float64Array[], perMonth: number): number[] {
  const calibrations = daily.map((view) => new Calibration(view));
  const days = daily[0]?.length ?? 0;
  const fused = Float64Array.from({ length: days }, (_, day) =>
    Math.max(...daily.map((view, i) => calibrations[i]?.rareness(Math.max(view[day] ?? NONE, NONE)) ?? NaN)),
  );
  const sorted = fused.sort().reverse();
  const level = atRank(sorted, (perMonth * days) / MONTH_DAYS);
  return calibrations.map((calibration) => calibration.inverse(level));
}

/** The value that `rank` of the falling values exceed; rank may be a fraction. */
function atRank(sorted: Float64Array, rank: number): number {
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

/** Rarity of a day without any run. */
const NONE = -6;
