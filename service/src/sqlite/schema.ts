import { LeftOnError } from '@lefton/core';
import type { DatabaseSync } from 'node:sqlite';
import { number } from './row.ts';

/** `LeOn`: tells a LeftOn file from any other SQLite file. */
export const APPLICATION_ID = 0x4c654f6e;

const LOG = `(
  offset INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  appended_at INTEGER NOT NULL,
  value BLOB NOT NULL,
  headers TEXT
) STRICT`;

/** Step i brings a file from version i to i + 1. Never changed once released; a new version adds a step. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE raw_power ${LOG};
  CREATE TABLE raw_power_dead ${LOG};
  CREATE TABLE anomaly_power ${LOG};
  CREATE TABLE commits (
    consumer_group TEXT NOT NULL,
    topic TEXT NOT NULL,
    offset INTEGER NOT NULL,
    PRIMARY KEY (consumer_group, topic)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE progress (source TEXT PRIMARY KEY, position TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE meters (
    id INTEGER PRIMARY KEY,
    meter TEXT NOT NULL UNIQUE,
    state BLOB NOT NULL,
    heard_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE readings (
    meter_id INTEGER NOT NULL REFERENCES meters (id),
    at INTEGER NOT NULL,
    watts REAL NOT NULL,
    PRIMARY KEY (meter_id, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE episodes (
    episode TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('unusual', 'silent')),
    meter TEXT NOT NULL,
    since INTEGER NOT NULL,
    opened_at INTEGER,
    until INTEGER,
    closed_at INTEGER,
    watts REAL,
    usual_watts REAL,
    score REAL,
    excess_wh REAL NOT NULL,
    cost REAL,
    why TEXT NOT NULL,
    PRIMARY KEY (episode, kind)
  ) STRICT;
  CREATE INDEX episodes_by_since ON episodes (since);
  CREATE TABLE labels (
    episode TEXT PRIMARY KEY,
    label TEXT NOT NULL CHECK (label IN ('fine', 'left_on')),
    labelled_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    episode TEXT NOT NULL,
    event TEXT NOT NULL,
    channel TEXT NOT NULL,
    record TEXT NOT NULL,
    text TEXT NOT NULL,
    zone TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'failed', 'expired')),
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    begun INTEGER NOT NULL DEFAULT 0,
    settled_at INTEGER,
    note TEXT,
    UNIQUE (episode, event, channel)
  ) STRICT;
  CREATE INDEX outbox_pending ON outbox (due_at) WHERE state = 'pending';
  CREATE TABLE mute (only INTEGER PRIMARY KEY CHECK (only = 1), until INTEGER NOT NULL) STRICT;
  `,
  `
  CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    episode TEXT NOT NULL,
    event TEXT NOT NULL,
    channel TEXT NOT NULL,
    meter TEXT NOT NULL,
    at INTEGER NOT NULL,
    record TEXT NOT NULL,
    zone TEXT NOT NULL,
    stands_in TEXT,
    state TEXT NOT NULL DEFAULT 'pending'
      CHECK (state IN ('pending', 'sent', 'failed', 'expired', 'dropped')),
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    held INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    first_attempt_at INTEGER,
    message TEXT,
    begun INTEGER NOT NULL DEFAULT 0,
    told_at INTEGER,
    settled_at INTEGER,
    note TEXT,
    UNIQUE (episode, event, channel)
  ) STRICT;
  INSERT INTO alerts (id, episode, event, channel, meter, at, record, zone, state, created_at, due_at, attempts, begun,
      told_at, settled_at, note)
    SELECT id, episode, event, channel, record ->> 'meter', created_at, record, zone, state, created_at, due_at, attempts,
      begun, iif(state = 'sent', settled_at, NULL), settled_at, note FROM outbox;
  DROP TABLE outbox;
  ALTER TABLE alerts RENAME TO outbox;
  CREATE INDEX outbox_pending ON outbox (channel, due_at) WHERE state = 'pending';
  CREATE INDEX outbox_told ON outbox (channel, told_at) WHERE state = 'sent';
  CREATE TABLE closed_channels (
    channel TEXT PRIMARY KEY,
    until INTEGER NOT NULL,
    why TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE INDEX outbox_settled ON outbox (settled_at) WHERE state <> 'pending';
  CREATE INDEX outbox_counted ON outbox (state, channel);
  `,
  `
  CREATE TABLE stretches (
    meter_id INTEGER NOT NULL REFERENCES meters (id),
    length INTEGER NOT NULL,
    start INTEGER NOT NULL,
    lowest_at INTEGER NOT NULL,
    lowest REAL NOT NULL,
    highest_at INTEGER NOT NULL,
    highest REAL NOT NULL,
    PRIMARY KEY (meter_id, length, start)
  ) STRICT, WITHOUT ROWID;
  WITH placed AS (SELECT meter_id, at, watts, at - (at % 300000 + 300000) % 300000 AS start FROM readings),
    low AS (SELECT meter_id, start, at, min(watts) AS watts FROM placed GROUP BY meter_id, start),
    high AS (SELECT meter_id, start, at, max(watts) AS watts FROM placed GROUP BY meter_id, start)
  INSERT INTO stretches
    SELECT meter_id, 300000, start, low.at, low.watts, high.at, high.watts FROM low JOIN high USING (meter_id, start);
  WITH placed AS (SELECT *, start - (start % 7200000 + 7200000) % 7200000 AS span FROM stretches),
    low AS (SELECT meter_id, span, lowest_at, min(lowest) AS lowest FROM placed GROUP BY meter_id, span),
    high AS (SELECT meter_id, span, highest_at, max(highest) AS highest FROM placed GROUP BY meter_id, span)
  INSERT INTO stretches
    SELECT meter_id, 7200000, span, lowest_at, lowest, highest_at, highest FROM low JOIN high USING (meter_id, span);
  `,
  'CREATE TABLE sessions (hash BLOB PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;',
  'ALTER TABLE outbox ADD COLUMN trace TEXT;',
  `
  CREATE TABLE taken_in (
    meter_id INTEGER NOT NULL REFERENCES meters (id),
    at INTEGER NOT NULL,
    watts REAL NOT NULL,
    PRIMARY KEY (meter_id, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE last_import (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    meter TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  `,
  'CREATE INDEX episodes_by_meter ON episodes (meter, since, kind);',
];

/**
 * Brings an open file to the newest schema version, each step in its own transaction.
 * @throws LeftOnError `foreign_file` for another program's file, `newer_schema` for a newer LeftOn's
 */
export function migrate(db: DatabaseSync, file: string): void {
  const version = pragma(db, 'user_version');
  const application = pragma(db, 'application_id');
  const tables = number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() ?? {}, 'n');
  if (application !== APPLICATION_ID && (version !== 0 || application !== 0 || tables !== 0)) {
    throw new LeftOnError({
      code: 'foreign_file',
      place: file,
      expected: 'a LeftOn database or no file',
      found: 'a database of another program',
      faultClass: 'fatal',
    });
  }
  if (version > MIGRATIONS.length) {
    throw new LeftOnError({
      code: 'newer_schema',
      place: file,
      expected: `schema version ${MIGRATIONS.length} or older`,
      found: `version ${version}, written by a newer LeftOn`,
      faultClass: 'fatal',
    });
  }
  for (const [step, sql] of MIGRATIONS.entries()) {
    if (step < version) continue;
    db.exec(
      `BEGIN; ${sql} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${step + 1}; COMMIT;`,
    );
  }
}

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return number(db.prepare(`PRAGMA ${name}`).get() ?? {}, name);
}
