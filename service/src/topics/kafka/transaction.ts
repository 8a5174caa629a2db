import type { Producer, Transaction } from 'kafkajs';

/** Commits all that the work sends, or nothing of it; when it fails, the producer is to be made anew. */
export async function inTransaction(
  producer: Producer,
  work: (transaction: Transaction) => Promise<void>,
): Promise<void> {
  const transaction = await producer.transaction();
  try {
    await work(transaction);
    await transaction.commit();
  } catch (error) {
    if (transaction.isActive()) await transaction.abort().catch(() => undefined);
    throw error;
  }
}
