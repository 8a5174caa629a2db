/** What kind of run a watcher follows. */
export type WatchKind = 'level' | 'mean' | 'edge' | 'pulses';

/**
 * One watcher follows one kind of run of one size, and knows since when it has been going on.
 * - level: power stays above base + watts, dips up to bridgeMin forgiven
 * - mean: the mean of the trailing hour stays above base + watts
 * - edge: power rose by about `watts` at once and has stayed above most of that
 * - pulses: rises of about `watts` keep coming, as a thermostat makes them
 */
export interface Watcher {
  readonly kind: WatchKind;
  readonly watts: number;
  readonly bridgeMin: number;
}

/** Members of a view are alike enough to share one alert level. */
export interface View {
  readonly watchers: readonly Watcher[];
}

const series = (from: number, to: number, ratio: number): number[] => {
  const sizes: number[] = [];
  for (let size = from; size <= to; size *= ratio) sizes.push(Math.round(size));
  return sizes;
};

/** Minutes without a rise after which a train of pulses is over. */
export const PULSE_GAP_MIN = 15;
/** So many rises of one size make a train. */
export const PULSE_LEAST = 2;
/** Window of the trailing mean. */
export const MEAN_MIN = 60;
/** A rise belongs to a size when it is within this factor of it. */
export const PULSE_WITHIN = 1.1;
export const EDGE_WITHIN = 1.08;
/** Share of a rise that must stay for its appliance to be still on. */
export const EDGE_KEEP = 0.85;

/** The views for a meter's step; on longer steps those that could not differ, or could not see, are left out. */
export function viewsFor(stepMin: number): readonly View[] {
  const sizes = series(150, 4000, 1.3);
  const level = (bridgeMin: number): View => ({
    watchers: sizes.map((watts) => ({ kind: 'level', watts, bridgeMin })),
  });
  const of = (kind: WatchKind, bridgeMin: number, from: number, to: number, ratio: number): View => ({
    watchers: series(from, to, ratio).map((watts) => ({ kind, watts, bridgeMin })),
  });
  const views = [level(3)];
  if (Math.floor(10 / stepMin) !== Math.floor(3 / stepMin)) views.push(level(10));
  if (stepMin <= PULSE_GAP_MIN / 2) views.push(of('pulses', PULSE_GAP_MIN, 300, 3600, 1.18));
  views.push(of('edge', 3, 250, 4000, 1.16));
  if (stepMin < MEAN_MIN) views.push(of('mean', 0, 60, 4000, 1.35));
  return views;
}
