import type { DatabaseSync } from 'node:sqlite';

/** What goes when a spool is full: the oldest readings, or every second one of the older half. */
export type WhenFull = 'oldest' | 'thin';

/** Room that is made at once, as a share of all. */
const AT_ONCE = 0.01;

/** Keeps a spool to as many readings as it may have; within a transaction of it. */
export class SpoolRoom {
  readonly #db: DatabaseSync;
  readonly #most: number;
  readonly #whenFull: WhenFull;

  constructor(db: DatabaseSync, most: number, whenFull: WhenFull) {
    this.#db = db;
    this.#most = most;
    this.#whenFull = whenFull;
  }

  /** @param size readings that are there @returns how many of them had to go */
  make(size: number): number {
    let left = size;
    while (left > this.#most) {
      const thinned = this.#whenFull === 'thin' ? this.#thin(left) : 0;
      // meters with one reading each cannot be thinned
      left -=
        thinned > 0 ? thinned : this.#drop(Math.max(left - this.#most, Math.ceil(this.#most * AT_ONCE)));
    }
    return size - left;
  }

  #drop(count: number): number {
    return this.#run(
      'DELETE FROM reading WHERE number IN (SELECT number FROM reading ORDER BY number LIMIT ?)',
      count,
    );
  }

  /** Of each meter every second reading of the older half. */
  #thin(size: number): number {
    return this.#run(
      `DELETE FROM reading WHERE number IN (
         SELECT number FROM (
           SELECT number, row_number() OVER (PARTITION BY meter ORDER BY number) AS nth
           FROM (SELECT number, meter FROM reading ORDER BY number LIMIT ?))
         WHERE nth % 2 = 0)`,
      Math.ceil(size / 2),
    );
  }

  #run(sql: string, value: number): number {
    return Number(this.#db.prepare(sql).run(value).changes);
  }
}
