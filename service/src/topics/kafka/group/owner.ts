import type { OwnedPartition } from '../partition/partition.ts';

/** Who has partitions, and hears how they fare. */
export interface Owner {
  /** What was folded did not commit, though nobody waits for it. */
  failed(partition: OwnedPartition, error: unknown): void;
  committed(partition: OwnedPartition): void;
  /** So many records were deleted before they were read, markers of transactions included. */
  missed(partition: OwnedPartition, records: number): void;
}
