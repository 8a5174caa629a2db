import { LeftOnError } from '@lefton/core';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { migrate } from './schema.ts';

/** SQLite result codes: https://sqlite.org/rescode.html */
const BUSY = 5;
const IO_ERROR = 10;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

/**
 * The one SQLite file of the embedded service, opened by one process at a time.
 *
 * WAL with synchronous=FULL: every commit is on the disk before it counts. A power cut then loses no reading that was
 * acknowledged and repeats no alert that was noted as sent; with NORMAL it would undo the last commits. The price is
 * one fsync per batch, not per reading.
 * @throws LeftOnError `database_in_use`, `foreign_file`, `newer_schema`, `cannot_open`
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
        const db = new DatabaseSync(file);
        db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
        db.exec('PRAGMA cache_size = -4096; PRAGMA journal_size_limit = 16777216;');
        migrate(db, file);
        return db;
      });
    } catch (error) {
      this.#lock.close();
      throw error;
    }
  }

  prepare(sql: string): StatementSync {
    return this.#db.prepare(sql);
  }

  /**
   * Runs `work` in one transaction and rolls back when it throws.
   * @throws LeftOnError `storage_full`, `storage_busy` (transient), `storage_broken` (fatal); what `work` throws
   */
  transaction<T>(work: () => T): T {
    return attempt(this.file, () => {
      this.#db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#db.exec('COMMIT');
        return result;
      } catch (error) {
        // a full disk has rolled back already
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): void {
    this.#db.close();
    this.#lock.close();
  }
}

/** A second file keeps writers out and still lets people read the database beside the running service. */
function lock(file: string): DatabaseSync {
  return attempt(file, () => {
    const db = new DatabaseSync(`${file}.lock`, { timeout: 0 });
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

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined || !(error instanceof Error)) throw error;
    const found = error.message;
    switch (code & 0xff) {
      case FULL:
        throw fault('storage_full', 'room on the disk', 'transient');
      case BUSY:
      case IO_ERROR:
        throw fault('storage_busy', 'the database to be writable', 'transient');
      case CORRUPT:
      case NOT_A_DATABASE:
        throw fault('storage_broken', 'an intact SQLite database', 'fatal');
      default:
        throw fault('storage_failed', 'the database to work', 'fatal');
    }
    function fault(name: string, expected: string, faultClass: 'transient' | 'fatal'): LeftOnError {
      return new LeftOnError({ code: name, place: file, expected, found, faultClass });
    }
  }
}

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : undefined;
}
