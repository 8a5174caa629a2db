import { HOUR } from '@lefton/core';
import type { AnomalyEvent } from '@lefton/core';
import type { KeptReading, NewRecord } from './ports.ts';

/** Readings by verdict, or by why there is none. Most are like the one before, and cost an addition. */
class Counts {
  readonly #counts = new Map<string, number>();
  #last = 'ok';
  #run = 0;

  add(verdict: string): void {
    if (verdict !== this.#last) this.#flush(verdict);
    this.#run++;
  }

  all(): ReadonlyMap<string, number> {
    this.#flush(this.#last);
    return this.#counts;
  }

  #flush(next: string): void {
    if (this.#run > 0) this.#counts.set(this.#last, (this.#counts.get(this.#last) ?? 0) + this.#run);
    this.#last = next;
    this.#run = 0;
  }
}

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
  deadLetters: number;
}

export const gathered = (): Gathered => ({
  produce: [],
  readings: [],
  told: [],
  counts: new Counts(),
  watched: new Map(),
  deadLetters: 0,
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
