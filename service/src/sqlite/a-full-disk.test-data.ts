import type { Database } from './database.ts';

/**
 * Lets the disk be full for such changes, as `DELETE ON readings`: each one would need a megabyte where the file may not grow.
 * @returns what makes room again
 */
export function fillDisk(db: Database, change: string): () => void {
  db.prepare('PRAGMA max_page_count = 1').get();
  db.prepare(
    `CREATE TEMP TRIGGER full BEFORE ${change} BEGIN
       INSERT INTO raw_power_dead (key, appended_at, value) VALUES ('', 0, zeroblob(1048576)); END`,
  ).run();
  return () => {
    db.prepare('DROP TRIGGER full').run();
    db.prepare('PRAGMA max_page_count = 1073741823').get();
  };
}
