import type { OwnedPartition } from './partition.ts';

/** Who has partitions, and hears how they fare. */
export interface Owner {
  /** What was folded did not commit, though nobody waits for it. */
  failed(partition: OwnedPartition, error: unknown): void;
  committed(partition: OwnedPartition): void;
}
