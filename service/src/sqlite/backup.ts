import { formatUtc } from '@lefton/core';
import type { Instant } from '@lefton/core';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { copyStore } from '../fleet/store-backup.ts';
import { targetOf } from '../models/whole-file.ts';
import {
  attempt,
  checkOwn,
  checkWhole,
  codeOf,
  failed,
  refuseExisting,
  ROOM,
  withDatabase,
} from './backup-file.ts';
import type { BackedUpFile, BackupAbout } from './backup-file.ts';

const OF_SERVE = 'a database of lefton serve';
/** SQLite's result codes for a file that is damaged or no database. */
const OF_THE_SOURCE: ReadonlySet<number | undefined> = new Set([11, 26]);
/** And for one beside which nothing can be made. */
const NOTHING_BESIDE: ReadonlySet<number | undefined> = new Set([8, 14]);

/** All pages in one step: with fewer, each commit of a running service would begin the copy anew. */
const ALL_PAGES = 0x7fffffff;
const SCHEMA = `
  CREATE TABLE backup (at TEXT NOT NULL, software TEXT NOT NULL, running INTEGER NOT NULL) STRICT;
  CREATE TABLE backup_files (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;`;

/**
 * Copies the database of a service, which may be running, into one file, and other files with it. The file is there when
 * it is whole, and not before.
 * @param fleet the store of a fleet's models; null for none
 * @throws LeftOnError `backup_failed`
 */
export async function backUp(
  db: string,
  out: string,
  about: BackupAbout,
  files: readonly BackedUpFile[],
  fleet: string | null = null,
): Promise<void> {
  refuseExisting(out);
  const part = `${out}.part`;
  const source = attempt(db, OF_SERVE, () => opened(db));
  try {
    // made here, so that a place that cannot be written is not taken for a fault of the source
    writeFileSync(part, '');
    await backup(source, part, { rate: ALL_PAGES });
    withDatabase(part, (copy) => {
      // one file without others beside it
      copy.exec('PRAGMA journal_mode = DELETE');
      // damage is copied as well, and is better told today than when the copy is needed
      attempt(db, OF_SERVE, () => {
        checkWhole(copy);
      });
      copy.exec(`BEGIN; ${SCHEMA}`);
      copy
        .prepare('INSERT INTO backup VALUES (?, ?, ?)')
        .run(about.at, about.software, about.running ? 1 : 0);
      const insert = copy.prepare('INSERT INTO backup_files VALUES (?, ?)');
      for (const { name, content } of files) insert.run(name, content);
      copy.exec('COMMIT');
      if (fleet !== null) copyStore(copy, fleet);
    });
    renameSync(part, out);
  } catch (error) {
    rmSync(part, { force: true });
    throw OF_THE_SOURCE.has(codeOf(error)) ? failed(db, OF_SERVE, error) : failed(out, ROOM, error);
  } finally {
    source.close();
  }
}

/** The database to be copied, which may be in use and may lie where nothing can be written. */
function opened(db: string): DatabaseSync {
  if (!existsSync(db)) throw new Error('no such file');
  const source = new DatabaseSync(db, { readOnly: true });
  try {
    checkOwn(source);
    return source;
  } catch (error) {
    source.close();
    // a log of writes needs files beside it, unless there is no such log and nobody writes
    if (!NOTHING_BESIDE.has(codeOf(error)) || existsSync(`${targetOf(db)}-wal`)) throw error;
  }
  const still = pathToFileURL(db);
  still.searchParams.set('immutable', '1');
  const only = new DatabaseSync(still, { readOnly: true });
  checkOwn(only);
  return only;
}

/** The instant of a backup as it says it. */
export const backupAbout = (at: Instant, software: string, running: boolean): BackupAbout => ({
  ...{ at: formatUtc(at), software, running },
});
