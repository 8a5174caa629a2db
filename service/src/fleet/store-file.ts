import { LeftOnError } from '@lefton/core';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** `LeMo`: tells a store of models from any other SQLite file. */
const APPLICATION_ID = 0x4c654d6f;
const BUSY_MS = 5_000;

/** Once in the file for ever; a later version adds to it. */
const SCHEMA = `
  CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL CHECK (owner IN ('meter', 'cohort')),
    name TEXT NOT NULL,
    generation INTEGER NOT NULL,
    change INTEGER NOT NULL,
    head TEXT NOT NULL,
    numbers BLOB NOT NULL,
    crc INTEGER NOT NULL,
    UNIQUE (owner, name, generation)
  ) STRICT;
  CREATE TABLE members (meter TEXT PRIMARY KEY, cohort TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE trial (meter TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE rollout (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    change INTEGER NOT NULL,
    stable INTEGER NOT NULL,
    candidate INTEGER,
    per_mille INTEGER NOT NULL,
    previous INTEGER
  ) STRICT;
  INSERT INTO rollout VALUES (1, 0, 1, NULL, 0, NULL);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = 1;
`;

/**
 * Opens the file of a store.
 * @param make made where there is none, and open to be written
 * @throws LeftOnError `no_model_store`, `foreign_file`, `storage_failed`
 */
export function opened(file: string, make: boolean): DatabaseSync {
  const fault = (code: string, expected: string, found: string): LeftOnError =>
    new LeftOnError({ code, place: file, expected, found, faultClass: 'fatal' });
  if (!make && !existsSync(file))
    throw fault('no_model_store', 'a store of models; make it with `lefton fleet import`', 'nothing');
  try {
    const db = new DatabaseSync(file, { timeout: BUSY_MS, readOnly: !make });
    if (make) makeTables(db);
    const { application_id: id } = db.prepare('PRAGMA application_id').get() ?? {};
    if (id === APPLICATION_ID) return db;
    db.close();
    throw fault('foreign_file', 'a store of models', 'another file');
  } catch (error) {
    if (error instanceof LeftOnError || !(error instanceof Error)) throw error;
    const expected = make
      ? 'a place for a store of models that can be written to'
      : 'a store of models that can be read';
    throw fault('storage_failed', expected, error.message);
  }
}

/** Into a new file; any other is left as it is. */
function makeTables(db: DatabaseSync): void {
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() ?? {};
  if (tables === 0) db.exec(`PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; ${SCHEMA} COMMIT`);
  // what was deleted of a home is not to be found in the file
  db.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
}
