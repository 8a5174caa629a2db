import { HOUR } from '@lefton/core';
import type { AnomalyEvent } from '@lefton/core';
import { Arrivals, Counts } from './counts.ts';
import type { KeptReading, NewRecord } from './ports.ts';

/** What one generation of models has watched, to hold it against another. */
interface Watched {
  ms: number;
  alarms: number;
}

/** Longer than this between two readings nothing was watched. */
const WATCHED_MS = HOUR;

/** What a fold gathers. */
export interface Gathered {
  readonly produce: NewRecord[];
  readonly readings: KeptReading[];
  readonly told: AnomalyEvent[];
  readonly counts: Counts;
  /** Of each generation of a fleet's models. */
  readonly watched: Map<number, Watched>;
  /** What was wrong with records that are no readings. */
  readonly dead: string[];
  readonly arrivals: Arrivals;
}

export const gathered = (): Gathered => ({
  produce: [],
  readings: [],
  told: [],
  counts: new Counts(),
  watched: new Map(),
  dead: [],
  arrivals: new Arrivals(),
});

/** Notes what a reading adds to what a generation has watched. */
export function noteWatched(
  out: Gathered,
  generation: number,
  ms: number,
  events: readonly AnomalyEvent[],
): void {
  let watched = out.watched.get(generation);
  if (watched === undefined) out.watched.set(generation, (watched = { ms: 0, alarms: 0 }));
  if (ms > 0 && ms <= WATCHED_MS) watched.ms += ms;
  for (const { type } of events) if (type === 'opened') watched.alarms++;
}
