import type { EachBatchPayload } from 'kafkajs';

/**
 * Where a partition is fetched. kafkajs goes to the oldest record, and says so to nobody, where a log has none of the
 * offset that is next: one that was made anew ends before it, one that lost its oldest records begins after it.
 */
export class FetchPlace {
  /** From where it was told to fetch; undefined once it has. */
  #sought: number | undefined;
  #next = 0;

  /** The offset after what was fetched. */
  get next(): number {
    return this.#next;
  }

  /** It is told to fetch from here; what is being folded meanwhile comes once more. */
  seek(offset: number): void {
    this.#sought = offset;
    this.#next = offset;
  }

  /** All before `next` was fetched. */
  pass(next: number): void {
    this.#next = next;
  }

  /** By how many offsets a fetch jumps: below 0 where it begins anew, above where records are gone. */
  arrive(batch: EachBatchPayload['batch']): number {
    const from = fetchedFrom(batch);
    const jump = from === this.#sought ? 0 : from - this.#next;
    this.#sought = undefined;
    this.#next = Number(batch.lastOffset()) + 1;
    return jump;
  }
}

/** The offset that was asked for, which the types of kafkajs do not tell. */
const fetchedFrom = (batch: EachBatchPayload['batch'] & { readonly fetchedOffset?: string }): number =>
  Number(batch.fetchedOffset);
