import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

type Row = Record<string, SQLOutputValue>;

/**
 * Copies what can still be read of a damaged spool into an empty one, under the same numbers: readings from both ends
 * up to the damage. The id goes along only with the last number that was given: it means that no number is given twice.
 */
export function copyRest(from: DatabaseSync, to: DatabaseSync): void {
  const insert = to.prepare(
    'INSERT INTO reading (number, meter, at, watts, energy_wh, source) VALUES (?, ?, ?, ?, ?, ?)',
  );
  let [first, last] = [Infinity, 0];
  const put = ({ number, meter, at, watts, energy_wh, source }: Row): void => {
    if (!isNumber(number) || typeof meter !== 'string' || typeof source !== 'string') return;
    if (!isNumber(at) || !isNumber(watts) || !(energy_wh === null || isNumber(energy_wh))) return;
    insert.run(number, meter, at, watts, energy_wh, source);
  };
  for (const row of readable(from, 'SELECT * FROM reading ORDER BY number')) {
    // numbers out of order are damage as well
    if (!isNumber(row.number) || row.number <= last) break;
    last = row.number;
    put(row);
  }
  for (const row of readable(from, 'SELECT * FROM reading ORDER BY number DESC')) {
    if (!isNumber(row.number) || row.number <= last || row.number >= first) break;
    first = row.number;
    put(row);
  }
  const count = to.prepare('INSERT OR IGNORE INTO register (meter, wh) VALUES (?, ?)');
  for (const { meter, wh } of readable(from, 'SELECT * FROM register'))
    if (typeof meter === 'string' && isNumber(wh)) count.run(meter, wh);
  const [given] = readable(from, "SELECT seq FROM sqlite_sequence WHERE name = 'reading'");
  const [spool] = readable(from, 'SELECT id, newest FROM spool');
  if (!isNumber(given?.seq) || typeof spool?.id !== 'string') return;
  const newest = isNumber(spool.newest) ? spool.newest : null;
  to.prepare('INSERT INTO spool (id, newest) VALUES (?, ?)').run(spool.id, newest);
  to.exec("DELETE FROM sqlite_sequence WHERE name = 'reading'");
  to.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('reading', ?)").run(given.seq);
}

/** The rows up to the first that cannot be read. */
function* readable(db: DatabaseSync, sql: string): Generator<Row> {
  try {
    yield* db.prepare(sql).iterate();
  } catch {
    // what comes after it is lost
  }
}

const isNumber = (value: SQLOutputValue | undefined): value is number => typeof value === 'number';
