import type { Batch } from './spool/spool.ts';

/** Taken but for readings that are wrong in themselves. */
export interface PartlyTaken {
  readonly refused: number;
  /** What is wrong with the first of them. */
  readonly why: string;
}

/** What became of a batch: durable there, wrong in itself as a whole or in part, or to be tried again. */
export type Outcome = 'taken' | 'refused' | PartlyTaken | 'unreachable';

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
