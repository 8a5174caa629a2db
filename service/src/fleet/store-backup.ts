import { LeftOnError } from '@lefton/core';
import { DatabaseSync } from 'node:sqlite';
import { number } from '../sqlite/row.ts';
import { codeOf, damageIn } from '../sqlite/storage-fault.ts';
import { opened } from './store-file.ts';

const TABLES = ['models', 'members', 'trial', 'rollout'];
/** SQLite's result code for a file that is damaged. */
const CORRUPT = 11;
/** In front of their names in a backup. */
const FLEET = 'fleet_';

/**
 * Copies a store of models into an open backup, as of one instant, also while it is written.
 * @throws LeftOnError `no_model_store`, `foreign_file`, `storage_failed`, `storage_broken`
 */
export function copyStore(backup: DatabaseSync, store: string): void {
  opened(store, false).close();
  backup.prepare('ATTACH ? AS store').run(store);
  backup.exec('BEGIN');
  try {
    for (const table of TABLES) backup.exec(`CREATE TABLE ${FLEET}${table} AS SELECT * FROM store.${table}`);
    // a model that cannot be read is better told today than when its backup is needed
    const damage = damageIn(backup, 'store');
    if (damage !== undefined) throw broken(store, damage);
  } catch (error) {
    // it is damaged, and not where it is copied to
    throw codeOf(error) === CORRUPT ? broken(store, (error as Error).message) : error;
  }
  backup.exec('COMMIT; DETACH store');
}

const broken = (place: string, found: string): LeftOnError =>
  new LeftOnError({ code: 'storage_broken', place, expected: 'an intact store of models', found });

/** How many models a backup holds; null where no store was copied into it. */
export function modelsIn(backup: DatabaseSync): number | null {
  const sql = `SELECT count(*) AS n FROM sqlite_schema WHERE name = '${FLEET}models'`;
  if (number(backup.prepare(sql).get() ?? {}, 'n') === 0) return null;
  return number(backup.prepare(`SELECT count(*) AS n FROM ${FLEET}models`).get() ?? {}, 'n');
}

/** Makes a store of what is in a backup, which is not open by then. */
export function makeStore(backup: string, store: string): void {
  opened(store, true).close();
  const db = new DatabaseSync(store);
  try {
    db.prepare('ATTACH ? AS backup').run(backup);
    db.exec('PRAGMA synchronous = FULL; BEGIN; DELETE FROM rollout');
    for (const table of TABLES) db.exec(`INSERT INTO main.${table} SELECT * FROM backup.${FLEET}${table}`);
    db.exec('COMMIT; DETACH backup');
  } finally {
    db.close();
  }
}

/** Takes the copy out of what is to be a database again, and gives its room back. */
export function dropStore(backup: DatabaseSync): void {
  for (const table of TABLES) backup.exec(`DROP TABLE ${FLEET}${table}`);
  backup.exec('VACUUM');
}
