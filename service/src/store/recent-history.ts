import { DAY, formatUtc, LeftOnError, messageOf } from '@lefton/core';
import type { History, Instant, Stretch } from '@lefton/core';
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { nullable, number } from '../sqlite/row.ts';

/** The readings a service kept of a meter, and what it found in them. */
interface StoreHistory extends History {
  readonly place: string;
  /** Of the readings as canonical CSV. */
  readonly sha256: string;
  /** Found unusual, and nobody has called it fine or ended it; an open one lasts until the newest reading. */
  readonly found: readonly Stretch[];
}

/** 16 bytes each: what a small machine can hold. A meter that reports every second fills it in 92 days. */
const MOST_READINGS = 8_000_000;

/** Of a meter, up to an instant. */
const OF_METER = 'FROM readings WHERE meter_id = (SELECT id FROM meters WHERE meter = ?) AND at <= ?';

/** What a clock further ahead has left behind is no history. */
const latestAt = (now: Instant): Instant => now + DAY;

/** Rows between two looks at who waits. */
const SLICE = 20_000;

/**
 * Reads the newest history of a meter from the database of a service, which may be running.
 * @throws LeftOnError `bad_database`
 */
export function readStore(path: string, meter: string, now: Instant): StoreHistory {
  const slices = storeInSlices(path, meter, now);
  for (let slice = slices.next(); ; slice = slices.next()) if (slice.done === true) return slice.value;
}

/**
 * The same for a caller that has to see to other things in between: now and then yields how much is read, 0..1.
 * @throws LeftOnError `bad_database`
 */
export function storeInSlices(path: string, meter: string, now: Instant): Generator<number, StoreHistory> {
  return within(path, function* (db) {
    const history = yield* readingsOf(db, meter, latestAt(now));
    const end = history.at[history.at.length - 1] ?? 0;
    return { ...history, place: path, found: foundIn(db, meter, end) };
  });
}

/** What is kept of a meter, for a caller that does not keep what comes of it. */
export type RecentHistory = Omit<StoreHistory, 'sha256'>;

/**
 * The same of the last stretch up to the newest reading, and without the sum, which takes half of the time.
 * @param lengthMs of the stretch; Infinity: all there is
 * @throws LeftOnError `bad_database`
 */
export function recentInSlices(
  path: string,
  meter: string,
  now: Instant,
  lengthMs: number,
): Generator<number, RecentHistory> {
  return within(path, function* (db) {
    const latest = latestAt(now);
    const row = db.prepare(`SELECT max(at) AS at ${OF_METER}`).get(meter, latest) ?? { at: null };
    const newest = nullable(number, row, 'at') ?? 0;
    const history = yield* rowsOf(db, `${OF_METER} AND at >= ?`, [meter, latest, newest - lengthMs]);
    return { ...history, place: path, found: foundIn(db, meter, newest) };
  });
}

function* within<T>(path: string, work: (db: DatabaseSync) => Generator<number, T>): Generator<number, T> {
  try {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      // one state of the file for all that is read of it
      db.exec('BEGIN');
      return yield* work(db);
    } finally {
      db.close();
    }
  } catch (error) {
    const found = messageOf(error);
    const expected = 'the database of lefton serve';
    throw new LeftOnError({ code: 'bad_database', place: path, expected, found });
  }
}

function foundIn(db: DatabaseSync, meter: string, end: number): Stretch[] {
  const rows = db
    .prepare(
      `SELECT since, until FROM episodes LEFT JOIN labels USING (episode)
       WHERE meter = ? AND kind = 'unusual' AND label IS NULL
       ORDER BY since`,
    )
    .all(meter);
  return rows.map((row) => {
    const since = number(row, 'since');
    return { from: since, to: nullable(number, row, 'until') ?? Math.max(end, since) };
  });
}

function* readingsOf(
  db: DatabaseSync,
  meter: string,
  latest: Instant,
): Generator<number, History & Pick<StoreHistory, 'sha256'>> {
  const hash = createHash('sha256').update('at,watts\n');
  const history = yield* rowsOf(db, OF_METER, [meter, latest], (at, watts) => {
    hash.update(`${formatUtc(at)},${watts}\n`);
  });
  return { ...history, sha256: hash.digest('hex') };
}

/** The newest rows of a selection, in order of time. */
function* rowsOf(
  db: DatabaseSync,
  of: string,
  values: readonly (string | number)[],
  each?: (at: number, watts: number) => void,
): Generator<number, History> {
  const total = number(db.prepare(`SELECT count(*) AS n ${of}`).get(...values) ?? { n: 0 }, 'n');
  const length = Math.min(total, MOST_READINGS);
  const at = new Float64Array(length);
  const watts = new Float64Array(length);
  const rows = db
    .prepare(`SELECT at, watts ${of} ORDER BY at LIMIT -1 OFFSET ?`)
    .iterate(...values, total - length);
  let i = 0;
  for (const row of rows) {
    const [instant, power] = [number(row, 'at'), number(row, 'watts')];
    at[i] = instant;
    watts[i] = power;
    each?.(instant, power);
    i++;
    if (i % SLICE === 0) yield i / length;
  }
  return { at, watts };
}
