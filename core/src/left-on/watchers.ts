export const WATCH_KINDS = ['level', 'mean', 'pulses', 'ceiling', 'steady', 'returning'] as const;

/** What kind of run a watcher follows. */
export type WatchKind = (typeof WATCH_KINDS)[number];

/**
 * One watcher follows one kind of run of one size, and knows since when it has been going on.
 * - level: power stays above base + watts, dips up to bridgeMin forgiven
 * - mean: the mean of the trailing hour stays above base + watts
 * - pulses: rises of about `watts` keep coming, as a thermostat makes them
 * - ceiling: the highest power of the trailing ten minutes stays about as high, from base + watts
 * - steady: power itself stays about as high, from base + watts
 * - returning: the highest power of the trailing four steps stays above base + watts and below twice the watts
 */
export interface Watcher {
  readonly kind: WatchKind;
  readonly watts: number;
  readonly bridgeMin: number;
}

/** On steps up to this, what one appliance draws stands by itself; on longer ones several are one mean. */
const FINE_MIN = 10;

/**
 * What stays about as high stays between its size and that times this. Bands of neighbours overlap, so that none is cut in two.
 * Infinity for what has no upper end.
 */
export function bandOf(kind: WatchKind, stepMin: number): number {
  if (kind === 'steady') return isCoarse(stepMin) ? 1.5 : 1.3;
  if (kind === 'returning') return 2;
  if (kind === 'ceiling') return stepMin <= FINE_MIN ? 1.2 : 1.4;
  return Infinity;
}

/** Members of a view are alike enough to share one alert level. */
export interface View {
  readonly watchers: readonly Watcher[];
  /** So much rarer than those of other views its runs have to be, as -ln. */
  readonly handicap: number;
}

/** A mean is late where others see the same: of the budget it leaves more to them. */
const MEAN_HANDICAP = 0.5;

const series = (from: number, to: number, ratio: number): number[] => {
  const sizes: number[] = [];
  for (let size = from; size <= to; size *= ratio) sizes.push(Math.round(size));
  return sizes;
};

/** Minutes without a rise after which a train of pulses is over. */
const PULSE_GAP_MIN = 15;
/** So many rises of one size make a train. */
export const PULSE_LEAST = 2;
/** A rise belongs to a size when it is within this factor of it. */
export const PULSE_WITHIN = 1.1;
/** Window of the trailing mean. */
export const MEAN_MIN = 60;
/** Window of the highest power. */
export const CEILING_MIN = 10;
/** Window, in steps, of what keeps returning. */
export const RETURNING_STEPS = 4;

/** Ten minutes are few steps: a thermostat's cycle is some that are high and some that are not, and none is as high as the appliance. */
const isCoarse = (stepMin: number): boolean => RETURNING_STEPS * stepMin > CEILING_MIN;

/** The views for a meter's step; on longer steps those that could not differ, or could not see, are left out. */
export function viewsFor(stepMin: number): readonly View[] {
  const of = (kind: WatchKind, bridgeMin: number, from: number, ratio: number, to = 4000): View => ({
    watchers: series(from, to, ratio).map((watts) => ({ kind, watts, bridgeMin })),
    handicap: kind === 'mean' ? MEAN_HANDICAP : 0,
  });
  const fine = stepMin <= FINE_MIN;
  const views = [of('level', 3, 150, 1.3)];
  if (stepMin <= PULSE_GAP_MIN / 2) views.push(of('pulses', PULSE_GAP_MIN, 300, 1.18, 3600));
  // lower ones follow what a home always does
  views.push(of('ceiling', 3, 600, fine ? 1.1 : 1.2));
  if (fine) views.push(of('steady', 5, 300, isCoarse(stepMin) ? 1.2 : 1.15, 3500));
  if (fine && isCoarse(stepMin)) views.push(of('returning', 0, 750, 1.15));
  if (stepMin < MEAN_MIN) views.push(of('mean', 0, 60, 1.35));
  return views;
}
