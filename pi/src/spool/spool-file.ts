import { LeftOnError } from '@lefton/core';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { copyRest } from './spool-rest.ts';

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
const CORRUPT = 11;
const BROKEN = [CORRUPT, 26];

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
      if (!isBroken(error)) throw notOpened(file, error);
      this.broken = `${file}.broken`;
      try {
        this.db = replaced(file, this.broken);
      } catch (again) {
        throw notOpened(file, again);
      }
    }
  }

  /**
   * @throws LeftOnError `spool_failed` (transient; fatal where the file is damaged: the next start puts it aside), and
   * what `work` throws
   */
  attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      if (isBroken(error)) throw fault('spool_failed', this.file, 'a file without damage', error, 'fatal');
      throw fault('spool_failed', this.file, 'room on a disk that works', error, 'transient');
    }
  }

  /** All or nothing. @throws as `attempt` does */
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
    // a page that is damaged shows when it is read: better now than when it is to be written
    const { quick_check: found } = db.prepare('PRAGMA quick_check(1)').get() ?? {};
    if (found !== 'ok') throw Object.assign(new Error(String(found)), { errcode: CORRUPT });
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A new file in place of a damaged one, with what can be read of that. */
function replaced(file: string, broken: string): DatabaseSync {
  for (const part of ['', '-wal']) {
    // the log of an earlier one would be taken for its own
    rmSync(broken + part, { force: true });
    if (existsSync(file + part)) renameSync(file + part, broken + part);
  }
  const db = opened(file);
  try {
    const damaged = new DatabaseSync(broken);
    try {
      damaged.exec('PRAGMA locking_mode = EXCLUSIVE');
      db.exec('BEGIN');
      copyRest(damaged, db);
      db.exec('COMMIT');
    } finally {
      damaged.close();
    }
  } catch {
    // what is put from now on matters more than what was
    if (db.isTransaction) db.exec('ROLLBACK');
  }
  return db;
}

function notOpened(file: string, error: unknown): LeftOnError {
  return codeOf(error) === BUSY
    ? fault('spool_in_use', file, 'no other capture with this spool', error, 'fatal')
    : fault('spool_failed', file, 'a file that can be written', error, 'fatal');
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

function isBroken(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && BROKEN.includes(code);
}
