import { scoreNow } from '@lefton/core';
import type { Instant, Score } from '@lefton/core';
import type { Meter } from '../meters/meters.ts';
import type { LoadedModel } from '../models/models.ts';
import type { EpisodeView } from '../store-ports.ts';

/** Of an episode, what its entity tells. */
export type LastEpisode = Pick<EpisodeView, 'episode' | 'since' | 'until' | 'open' | 'excess_wh' | 'why'>;

/** What the entities of a meter tell of it. */
export interface MeterView {
  readonly meter: string;
  readonly score: Score;
  /** Null where none is known, also while the meter is silent: an old one would mislead. */
  readonly watts: number | null;
  readonly usualWatts: number | null;
  readonly phase: 'quiet' | 'suspect' | 'open';
  /** Null while it is heard. */
  readonly silentSince: Instant | null;
  /** The newest that was unusual; null: none yet. */
  readonly lastEpisode: LastEpisode | null;
}

/** A meter as it stands. @param lastEpisode the newest one of kind `unusual` */
export function viewOf(
  { name, model, state }: Pick<Meter, 'name' | 'state'> & { readonly model: Pick<LoadedModel, 'resident'> },
  lastEpisode: LastEpisode | null,
): MeterView {
  const { phase } = state;
  if (Number.isFinite(state.silentSince)) {
    const score = { known: false, why: 'the meter is silent' } as const;
    const { silentSince } = state;
    return { meter: name, score, watts: null, usualWatts: null, phase, silentSince, lastEpisode };
  }
  // of a fleet not all models are read for this
  const score = scoreNow(model.resident, state);
  return {
    meter: name,
    score: score.known ? { known: true, score: score.score } : score,
    watts: Number.isFinite(state.watts) ? state.watts : null,
    usualWatts: score.known ? score.usualWatts : null,
    phase,
    silentSince: null,
    lastEpisode,
  };
}
