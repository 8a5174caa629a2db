import type { RecordBatch } from './record-batch.ts';

/** A transaction that was aborted, as a broker tells of it. */
export interface Aborted {
  readonly producerId: string;
  /** Of its first record in the partition. */
  readonly firstOffset: string;
}

/** The key of the marker that ends one: version 0, and 0 for aborted. */
const MARKER = Buffer.alloc(4);

/**
 * Hides what was aborted. kafkajs takes the transactions in the order that the broker tells them, which is that of their
 * ends, and one for each message: where several producers write to a partition, it shows what some of them aborted.
 */
export function hideAborted(batches: readonly RecordBatch[], aborted: readonly Aborted[]): void {
  if (aborted.length === 0) return;
  const coming = aborted
    .map(({ producerId, firstOffset }) => ({ producerId, first: Number(firstOffset) }))
    .sort((a, b) => b.first - a.first);
  const open = new Set<string>();
  for (const batch of batches) {
    for (let next = coming.at(-1); next !== undefined && next.first < batch.next; next = coming.at(-1)) {
      open.add(next.producerId);
      coming.pop();
    }
    const { producerId, inTransaction } = batch.batchContext;
    if (batch.isControlRecord) {
      if (batch.key?.equals(MARKER) === true) open.delete(producerId);
    } else if (inTransaction && open.has(producerId)) batch.hide();
  }
}
