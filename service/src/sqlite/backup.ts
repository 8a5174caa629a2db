import { formatUtc, LeftOnError } from '@lefton/core';
import type { Instant } from '@lefton/core';
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { copyStore, dropStore, makeStore, modelsIn } from '../fleet/store-backup.ts';
import { APPLICATION_ID } from './schema.ts';

/** All pages in one step: with fewer, each commit of a running service would begin the copy anew. */
const ALL_PAGES = 0x7fffffff;
const SCHEMA = `
  CREATE TABLE backup (at TEXT NOT NULL, software TEXT NOT NULL, running INTEGER NOT NULL) STRICT;
  CREATE TABLE backup_files (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;`;
const MAYBE_TOLD = 'restored from a backup of a running service: it may have been told since';

/** A file that goes with the database, by its name in the folder of the models. */
export interface BackedUpFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** What a backup says of itself. */
export interface BackupAbout {
  /** As ISO text. */
  readonly at: string;
  readonly software: string;
  /** A service was running, and may have told since what was still to be told. */
  readonly running: boolean;
}

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
  rmSync(part, { force: true });
  try {
    const source = new DatabaseSync(db, { readOnly: true });
    await backup(source, part, { rate: ALL_PAGES }).finally(() => {
      source.close();
    });
    withDatabase(part, (copy) => {
      // one file without others beside it
      copy.exec(`PRAGMA journal_mode = DELETE; BEGIN; ${SCHEMA}`);
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
    throw failed(db, 'a database of lefton serve', error);
  }
}

/** What came out of a backup. */
export interface Restored extends BackupAbout {
  readonly files: readonly BackedUpFile[];
  /** Alerts that are not told, as they may have been. */
  readonly notTold: number;
  /** Models of a fleet in the backup; null where it has none. */
  readonly fleetModels: number | null;
}

/**
 * Puts a backup in the place of a database that is gone, and of the store of a fleet's models.
 * @param fleet where that store goes; null: it stays in the backup
 * @param tellPending also what a service that was running may have told since
 * @param accept throws where the files have no place: nothing is put back then
 * @throws LeftOnError `backup_failed`
 */
export function restore(
  file: string,
  db: string,
  now: Instant,
  tellPending: boolean,
  fleet: string | null = null,
  accept: (files: readonly BackedUpFile[]) => void = () => undefined,
): Restored {
  const places = [db, ...(fleet === null ? [] : [fleet])];
  for (const place of places.flatMap((each) => [each, `${each}-wal`])) refuseExisting(place);
  const part = `${db}.part`;
  const fleetPart = `${fleet ?? db}.fleet.part`;
  try {
    if (!existsSync(file)) throw new Error('no such file');
    copyFileSync(file, part);
    const fleetModels = withDatabase(part, (copy) => {
      checkWhole(copy);
      return modelsIn(copy);
    });
    const putsFleet = fleet !== null && fleetModels !== null;
    rmSync(fleetPart, { force: true });
    if (putsFleet) makeStore(part, fleetPart);
    const restored = withDatabase(part, (copy) => {
      const row = copy.prepare('SELECT at, software, running FROM backup').get() ?? {};
      const about = { at: String(row.at), software: String(row.software), running: row.running === 1 };
      const files = copy
        .prepare('SELECT name, content FROM backup_files ORDER BY name')
        .all()
        .map(({ name, content }) => ({ name: String(name), content: content as Uint8Array }));
      accept(files);
      copy.exec('BEGIN; DROP TABLE backup; DROP TABLE backup_files;');
      const settled = copy.prepare(
        "UPDATE outbox SET state = 'expired', begun = 0, note = ?, settled_at = ? WHERE state = 'pending'",
      );
      const notTold = about.running && !tellPending ? Number(settled.run(MAYBE_TOLD, now).changes) : 0;
      copy.exec('COMMIT');
      if (fleetModels !== null) dropStore(copy);
      return { ...about, files, notTold, fleetModels };
    });
    renameSync(part, db);
    if (putsFleet) renameSync(fleetPart, fleet);
    return restored;
  } catch (error) {
    for (const left of [part, fleetPart]) rmSync(left, { force: true });
    throw failed(file, 'a file that lefton backup has made', error);
  }
}

/** The instant of a backup as it says it. */
export const backupAbout = (at: Instant, software: string, running: boolean): BackupAbout => ({
  ...{ at: formatUtc(at), software, running },
});

function checkWhole(copy: DatabaseSync): void {
  if (copy.prepare('PRAGMA application_id').get()?.application_id !== APPLICATION_ID)
    throw new Error('a database of another program');
  const found = copy.prepare('PRAGMA quick_check').get()?.quick_check;
  if (found !== 'ok') throw new Error(`a damaged one: ${String(found)}`);
}

function withDatabase<T>(file: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function refuseExisting(place: string): void {
  if (!existsSync(place)) return;
  const expected = 'no such file yet: it is not written over; move it away or name another';
  throw new LeftOnError({ code: 'backup_failed', place, expected, found: 'one' });
}

function failed(place: string, expected: string, error: unknown): LeftOnError {
  if (error instanceof LeftOnError) return error;
  const found = error instanceof Error ? error.message : String(error);
  return new LeftOnError({ code: 'backup_failed', place, expected, found });
}
