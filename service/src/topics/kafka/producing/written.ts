import type { RecordMetadata } from 'kafkajs';

/**
 * What this process has committed, by topic. The broker answers a commit before readers can see what it holds, so the
 * end that it tells may be older for a moment.
 */
export class Written {
  readonly #next = new Map<string, Map<number, number>>();

  /** Notes where committed records begin; with the first of a batch its others are there. */
  note(sent: readonly RecordMetadata[]): void {
    for (const { topicName, partition, baseOffset } of sent) {
      const places = this.#next.get(topicName) ?? new Map<number, number>();
      this.#next.set(topicName, places);
      places.set(partition, Math.max(places.get(partition) ?? 0, Number(baseOffset ?? -1) + 1));
    }
  }

  /** At least so far a topic has been written, by partition. */
  next(topic: string): ReadonlyMap<number, number> {
    return this.#next.get(topic) ?? new Map<number, number>();
  }
}
