import type { Batch } from './spool.ts';

/** What became of a batch: durable there, wrong in itself, or to be tried again. */
export type Outcome = 'taken' | 'refused' | 'unreachable';

/** Where captured readings go: topics, a service, or a test. */
export interface Destination {
  /**
   * Up to which number the readings of a spool have arrived, where that is remembered: a process may have died between
   * bringing them and noting it. 0 where it is not. Waits while nobody answers; rejects when aborted.
   */
  arrived(spool: string, signal: AbortSignal): Promise<number>;
  /** Brings the readings in their order; rejects when aborted. */
  take(batch: Batch, spool: string, signal: AbortSignal): Promise<Outcome>;
}
