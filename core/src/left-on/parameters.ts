import type { Decoder } from '../model/decode.ts';
import { MINUTE } from '../time.ts';
import { viewsFor } from './watchers.ts';
import type { Watcher, WatchKind } from './watchers.ts';

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

/** The code of the error for watchers that are not those of this version. */
export const OTHER_VERSION = 'other_version';

/**
 * Reads parameters from the JSON of a model file.
 * @throws LeftOnError `bad_value` naming the place; `other_version` where the watchers are not those of this version
 */
export function parseLeftOn(item: Decoder): LeftOnParameters {
  const minutes = (value: Decoder): number => value.number(0);
  const stepMs = item.at('stepMs').number(MINUTE);
  const known = viewsFor(stepMs / MINUTE).flatMap((view) => view.watchers);
  const list = item.at('watchers');
  const watchers = list.list((watcher) => {
    const own = known.shift();
    const isOwn =
      own !== undefined &&
      watcher.at('kind').value === own.kind &&
      watcher.at('watts').value === own.watts &&
      watcher.at('bridgeMin').value === own.bridgeMin;
    if (!isOwn) return watcher.refuse(anew(own), OTHER_VERSION);
    return {
      ...own,
      limitMin: watcher.at('limitMin').list((value) => value.number(1), 24),
      longestMin: watcher.at('longestMin').list(minutes, 24),
    };
  });
  if (known.length > 0) list.refuse(`${watchers.length + known.length} watchers${ANEW}`, OTHER_VERSION);
  return { stepMs, baseW: item.at('baseW').number(), days: item.at('days').number(0), watchers };
}

const ANEW = '; a model of another version is fitted anew: lefton fit';

const anew = (own: Watcher | undefined): string =>
  own === undefined ? `no further watcher${ANEW}` : `${own.kind} of ${own.watts} W${ANEW}`;
