import { LeftOnError } from '@lefton/core';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { targetOf } from '../models/whole-file.ts';
import { migrate } from './schema.ts';
import { Statement } from './statement.ts';
import { codeOf, storageFault } from './storage-fault.ts';
import { inTransaction } from './transaction.ts';

const BUSY = 5;
/** Another program may look at the database; a writer waits for it this long. */
const BUSY_MS = 2_000;

/**
 * The one SQLite file of the embedded service, opened by one process at a time.
 *
 * WAL with synchronous=FULL: every commit is on the disk before it counts. A power cut then loses no reading that was
 * acknowledged and repeats no alert that was noted as sent; with NORMAL it would undo the last commits. The price is
 * one fsync per batch, not per reading.
 * @throws LeftOnError `database_in_use`, `foreign_file`, `newer_schema`, or a storage fault
 */
export class Database {
  readonly file: string;
  readonly #db: DatabaseSync;
  readonly #lock: DatabaseSync;

  constructor(file: string) {
    this.file = file;
    this.#lock = lock(file);
    try {
      this.#db = attempt(file, () => {
        const db = new DatabaseSync(file, { timeout: BUSY_MS });
        db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
        // what is deleted is overwritten: it is about how people live
        db.exec(
          'PRAGMA secure_delete = ON; PRAGMA cache_size = -4096; PRAGMA journal_size_limit = 16777216;',
        );
        migrate(db, file);
        return db;
      });
    } catch (error) {
      this.#lock.close();
      throw error;
    }
  }

  prepare(sql: string): Statement {
    return Statement.of(this.#db, this.file, sql);
  }

  /** @throws as `inTransaction` does */
  transaction<T>(work: () => T): T {
    return inTransaction(this.#db, this.file, work);
  }

  /** Brings all that was committed into the file and cuts the write-ahead log, unless somebody reads meanwhile. */
  checkpoint(): void {
    attempt(this.file, () => {
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    });
  }

  /** Writes the file anew: as long as it needs, as much room on the disk as it has, and everybody waits. */
  rewrite(): void {
    attempt(this.file, () => {
      this.#db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
    });
  }

  close(): void {
    this.#db.close();
    this.#lock.close();
  }
}

/** Of the file itself, by whatever link it was named: beside it, where SQLite has its log as well. */
const lockOf = (file: string): string => `${targetOf(file)}.lock`;

/** A second file keeps writers out and still lets people read the database beside the running service. */
function lock(file: string): DatabaseSync {
  return attempt(file, () => {
    const db = new DatabaseSync(lockOf(file), { timeout: 0 });
    try {
      db.exec('BEGIN EXCLUSIVE');
      return db;
    } catch (error) {
      db.close();
      if (codeOf(error) !== BUSY) throw error;
      throw new LeftOnError({
        code: 'database_in_use',
        place: file,
        expected: 'no other LeftOn to have this database open; stop it, or pass another file with --db',
        found: 'another process that has it open',
        faultClass: 'fatal',
      });
    }
  });
}

/** Whether another process has a database open to write to it. Looks only: it may lie where nothing can be written. */
export function isInUse(file: string): boolean {
  const held = lockOf(file);
  if (!existsSync(held)) return false;
  return attempt(file, () => {
    const db = new DatabaseSync(held, { timeout: 0, readOnly: true });
    try {
      db.prepare('SELECT count(*) FROM sqlite_schema').get();
      return false;
    } catch (error) {
      if (codeOf(error) !== BUSY) throw error;
      return true;
    } finally {
      db.close();
    }
  });
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storageFault(error, file);
  }
}
