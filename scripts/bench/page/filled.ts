import { MINUTE } from '@lefton/core';
import { Database } from '../../../service/src/sqlite/database.ts';
import { ReadingsTable } from '../../../service/src/store/readings-table.ts';
import { aYear } from '../year.ts';

const BATCH = 5_000;

/** The year of the bench, as the service keeps it, up to now. */
export async function fill(file: string, now: number): Promise<void> {
  const { at, watts } = await aYear();
  const first = now - at.length * MINUTE;
  const db = new Database(file);
  db.prepare("INSERT INTO meters VALUES (1, 'home', x'00', 0)").run();
  const table = new ReadingsTable(db);
  for (let from = 0; from < at.length; from += BATCH) {
    const points = Array.from(watts.subarray(from, from + BATCH), (power, i) => {
      return { at: first + (from + i) * MINUTE, watts: power };
    });
    db.transaction(() => {
      table.insert(1, points);
    });
  }
  db.close();
}
