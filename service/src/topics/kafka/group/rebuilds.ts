import type { Onlooker } from './onlooker.ts';
import type { OwnedPartition } from '../partition/partition.ts';

/** Partitions whose states are not yet what they were when this process was given them. */
export class Rebuilds {
  readonly #onlooker: Onlooker | undefined;
  readonly #began = new Map<OwnedPartition, number>();

  constructor(onlooker: Onlooker | undefined) {
    this.#onlooker = onlooker;
  }

  begin(partition: OwnedPartition): void {
    if (!this.#began.has(partition)) this.#began.set(partition, performance.now());
    this.#tell();
  }

  /** Looks whether it is done. */
  look(partition: OwnedPartition): void {
    const began = this.#began.get(partition);
    if (began === undefined || partition.unfinished) return;
    this.#onlooker?.rebuilt((performance.now() - began) / 1_000);
    this.end(partition);
  }

  /** It is done, or somebody else's. */
  end(partition: OwnedPartition): void {
    this.#began.delete(partition);
    this.#tell();
  }

  #tell(): void {
    this.#onlooker?.unfinished(this.#began.size);
  }
}
