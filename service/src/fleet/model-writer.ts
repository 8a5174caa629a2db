import { PackedModel } from '@lefton/core';
import type { Model } from '@lefton/core';
import type { Statement } from '../sqlite/statement.ts';
import { inTransaction } from '../sqlite/transaction.ts';
import { crcOf, ModelStore, OF_METER } from './model-store.ts';
import type { Owner } from './model-store.ts';
import type { Rollout } from './rollout.ts';
import { opened } from './store-file.ts';

/**
 * A store of models that is open to be written, as by a command. What is written throws LeftOnError `storage_full`,
 * `storage_busy` (transient), `storage_broken` or `storage_failed`.
 */
export class ModelWriter extends ModelStore {
  readonly #put: Statement;

  /**
   * @param file made where there is none
   * @throws LeftOnError `foreign_file`, `storage_failed`
   */
  constructor(file: string) {
    super(file, opened(file, true));
    this.#put = this.prepare(
      `INSERT OR REPLACE INTO models (owner, name, generation, change, head, numbers, crc)
       VALUES (?, ?, ?, (SELECT change FROM rollout) + 1, ?, ?, ?)`,
    );
  }

  /** Writes a model over one of the same generation; within `write`. */
  put(owner: Owner, name: string, generation: number, model: Model): void {
    const { head, numbers } = PackedModel.of(model).toBytes();
    this.#put.run(owner, name, generation, head, numbers, crcOf({ head, numbers }));
  }

  /** Puts meters into cohorts; within `write`. */
  assign(members: Iterable<readonly [meter: string, cohort: string]>): void {
    const put = this.prepare('INSERT OR REPLACE INTO members VALUES (?, ?)');
    for (const [meter, cohort] of members) put.run(meter, cohort);
  }

  /** Sets the rollout, and the meters that try the candidate in any case; within `write`. */
  roll({ stable, candidate, perMille, previous }: Rollout, named: readonly string[]): void {
    this.prepare('UPDATE rollout SET stable = ?, candidate = ?, per_mille = ?, previous = ?').run(
      ...[stable, candidate, perMille, previous],
    );
    this.prepare('DELETE FROM trial').run();
    const put = this.prepare('INSERT OR IGNORE INTO trial VALUES (?)');
    for (const meter of named) put.run(meter);
  }

  /**
   * Deletes what nobody can go back to: models older than one of the same owner up to `oldest`; within `write`.
   * @returns how many
   */
  prune(oldest: number): number {
    return this.prepare(
      `DELETE FROM models WHERE EXISTS (SELECT 1 FROM models AS newer WHERE newer.owner = models.owner
       AND newer.name = models.name AND newer.generation > models.generation AND newer.generation <= ?)`,
    ).run(oldest);
  }

  /** Deletes the generations after one, which were not good; within `write`. */
  discard(after: number): void {
    this.prepare('DELETE FROM models WHERE generation > ?').run(after);
  }

  /** Deletes all that is kept of a meter, down to its bytes. @returns how many rows */
  forget(meter: string): number {
    const rows = this.count(meter);
    this.write(() => {
      for (const where of OF_METER) this.prepare(`DELETE FROM ${where}`).run({ meter });
    });
    // pages as they were stand in the write-ahead log until it is cut
    this.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    return rows;
  }

  /** All or nothing; running processes take it up within seconds. */
  write<T>(work: () => T): T {
    return inTransaction(this.db, this.file, () => {
      const result = work();
      this.db.exec('UPDATE rollout SET change = change + 1');
      return result;
    });
  }
}
