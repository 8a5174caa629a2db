import { LeftOnError } from '@lefton/core';
import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS spool (id TEXT NOT NULL, newest INTEGER) STRICT;
  CREATE TABLE IF NOT EXISTS register (meter TEXT PRIMARY KEY, wh REAL NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS reading (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    meter TEXT NOT NULL, at INTEGER NOT NULL, watts REAL NOT NULL, energy_wh REAL, source TEXT NOT NULL
  ) STRICT;`;
/** With NORMAL a kill loses no commit, and a card is spared: one that is to outlive a power cut is made with FULL. */
const PRAGMAS = `
  PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -1024; PRAGMA journal_size_limit = 4194304;`;
/** Result codes of SQLite (https://sqlite.org/rescode.html). */
const BUSY = 5;
const BROKEN = [11, 26];

/** The SQLite file of a spool, in the hands of one process. */
export class SpoolFile {
  readonly file: string;
  readonly db: DatabaseSync;
  /** Where a file that could not be read was put aside, so that capturing goes on with a new one. */
  readonly broken: string | undefined;

  /** @throws LeftOnError `spool_in_use`, `spool_failed` (fatal) */
  constructor(file: string) {
    this.file = file;
    try {
      this.db = opened(file);
    } catch (error) {
      const code = codeOf(error);
      if (code === BUSY)
        throw fault('spool_in_use', file, 'no other capture with this spool', error, 'fatal');
      if (code === undefined || !BROKEN.includes(code))
        throw fault('spool_failed', file, 'a file that can be written', error, 'fatal');
      this.broken = `${file}.broken`;
      for (const part of ['', '-wal'])
        if (existsSync(file + part)) renameSync(file + part, this.broken + part);
      this.db = opened(file);
    }
  }

  /** @throws LeftOnError `spool_failed` (transient), and what `work` throws */
  attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      throw fault('spool_failed', this.file, 'room on a disk that works', error, 'transient');
    }
  }

  /** All or nothing. @throws LeftOnError `spool_failed` (transient), and what `work` throws */
  transaction<T>(work: () => T): T {
    return this.attempt(() => {
      this.db.exec('BEGIN');
      try {
        const result = work();
        this.db.exec('COMMIT');
        return result;
      } catch (error) {
        // a full disk has rolled back already
        if (this.db.isTransaction) this.db.exec('ROLLBACK');
        throw error;
      }
    });
  }
}

function opened(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    db.exec(PRAGMAS);
    db.exec(`BEGIN EXCLUSIVE; ${SCHEMA} COMMIT;`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function fault(
  code: string,
  place: string,
  expected: string,
  error: unknown,
  faultClass: 'transient' | 'fatal',
): LeftOnError {
  const found = error instanceof Error ? error.message : 'none';
  return new LeftOnError({ code, place, expected, found, faultClass });
}

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;
}
