import type { Decoder } from '../decode.ts';
import type { WatchKind } from './watchers.ts';

/** What a watcher has learned of a home, by local hour of the run's start (24 entries each), in minutes. */
export interface WatcherLimits {
  readonly kind: WatchKind;
  readonly watts: number;
  readonly bridgeMin: number;
  /** A run is unusual from this length on. */
  readonly limitMin: readonly number[];
  /** The longest run of the history that began within three hours of this hour; 0 = none began. */
  readonly longestMin: readonly number[];
}

/** Parameters of one home, plain JSON: goes into the model file. */
export interface LeftOnParameters {
  readonly stepMs: number;
  /** Usual power of the last two weeks: what levels stand on. */
  readonly baseW: number;
  /** Days of history that the runs were taken from. */
  readonly days: number;
  readonly watchers: readonly WatcherLimits[];
}

/** @throws LeftOnError `bad_value` naming the place */
export function parseLeftOn(item: Decoder): LeftOnParameters {
  const minutes = (value: Decoder): number => value.number(0);
  return {
    stepMs: item.at('stepMs').number(1),
    baseW: item.at('baseW').number(),
    days: item.at('days').number(0),
    watchers: item.at('watchers').list((watcher) => ({
      kind: watcher.at('kind').oneOf<WatchKind>('level', 'mean', 'edge', 'pulses'),
      watts: watcher.at('watts').number(1),
      bridgeMin: watcher.at('bridgeMin').number(0),
      limitMin: watcher.at('limitMin').list(minutes, 24),
      longestMin: watcher.at('longestMin').list(minutes, 24),
    })),
  };
}
