import type { Producer, Transaction } from 'kafkajs';
import { setTimeout } from 'node:timers/promises';
import { isConcurrent } from '../fault.ts';

/** Each wait is a millisecond longer than the last: two seconds together. */
const MOST_ATTEMPTS = 60;

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

/**
 * Does what joins a transaction. The broker answers a commit before it has ended, and refuses the next transaction until
 * then: milliseconds, for which kafkajs would wait a tenth of a second, or give up.
 */
export async function joining(join: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await join();
      return;
    } catch (error) {
      if (!isConcurrent(error) || attempt === MOST_ATTEMPTS) throw error;
      await setTimeout(attempt);
    }
  }
}
