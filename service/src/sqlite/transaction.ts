import type { DatabaseSync } from 'node:sqlite';
import { storageFault } from './storage-fault.ts';

/**
 * Runs `work` in one transaction and rolls back when it throws.
 * @throws LeftOnError `storage_full`, `storage_busy` (transient), `storage_broken`, `storage_failed` (fatal); and
 *   what `work` throws
 */
export function inTransaction<T>(db: DatabaseSync, file: string, work: () => T): T {
  try {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      // a full disk has rolled back already
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  } catch (error) {
    throw storageFault(error, file);
  }
}
