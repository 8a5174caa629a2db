import { wattHours, watts } from '@lefton/core';
import type { Instant, Reading } from '@lefton/core';
import { randomUUID } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import { SpoolFile } from './spool-file.ts';
import { SpoolRoom } from './spool-room.ts';
import type { WhenFull } from './spool-room.ts';

/** How a spool is to be kept. */
export interface SpoolSettings {
  /** A file, or `:memory:` where what takes the readings is in this process. */
  readonly file: string;
  /** Readings, at most. */
  readonly most: number;
  readonly whenFull: WhenFull;
}

/** A part of a spool, oldest first. */
export interface Batch {
  readonly readings: readonly Reading[];
  /** Number of the last reading. */
  readonly upTo: number;
}

/**
 * Readings on their way, in one bounded file: in the order in which they came, each until it was delivered. A kill
 * loses nothing that was put, a power cut at most what was put since the last `sync`.
 */
export class Spool {
  readonly #file: SpoolFile;
  readonly #room: SpoolRoom;
  readonly #insert: StatementSync;
  readonly #oldest: StatementSync;
  readonly #remember: StatementSync;
  readonly #remove: StatementSync;
  readonly #count: StatementSync;
  /** Tells this file from others, whose numbers mean other readings. */
  readonly id: string;
  /**
   * The instant of what was put last, as of the start; undefined for a new file. Not the latest of all: a clock may have
   * been wrong.
   */
  readonly newest: Instant | undefined;
  #size: number;
  #letGo = 0;

  /** @throws LeftOnError `spool_in_use`, `spool_failed` (fatal) */
  constructor(settings: SpoolSettings) {
    this.#file = new SpoolFile(settings.file);
    const { db } = this.#file;
    this.#room = new SpoolRoom(db, settings.most, settings.whenFull);
    try {
      this.#insert = db.prepare(
        'INSERT INTO reading (meter, at, watts, energy_wh, source) VALUES (?, ?, ?, ?, ?)',
      );
      this.#oldest = db.prepare('SELECT * FROM reading ORDER BY number LIMIT ?');
      this.#remember = db.prepare(
        `UPDATE spool SET newest = coalesce(
           (SELECT at FROM reading WHERE number <= ? ORDER BY number DESC LIMIT 1), newest)`,
      );
      this.#remove = db.prepare('DELETE FROM reading WHERE number <= ?');
      this.#count = db.prepare(
        'INSERT INTO register (meter, wh) VALUES (?, ?) ON CONFLICT (meter) DO UPDATE SET wh = excluded.wh',
      );
      const known = db.prepare('SELECT id, newest FROM spool').get();
      this.id = typeof known?.id === 'string' ? known.id : randomUUID();
      if (known === undefined) db.prepare('INSERT INTO spool (id) VALUES (?)').run(this.id);
      this.#size = Number(db.prepare('SELECT count(*) AS size FROM reading').get()?.size);
      const last = db.prepare('SELECT at FROM reading ORDER BY number DESC LIMIT 1').get();
      const newest = last?.at ?? known?.newest ?? null;
      this.newest = newest === null ? undefined : Number(newest);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Readings that wait. */
  get size(): number {
    return this.#size;
  }

  /** Readings that had to go because it was full. */
  get letGo(): number {
    return this.#letGo;
  }

  /** The last count of a meter's register that was put, in Wh: also of what has long been delivered. */
  register(meter: string): number | undefined {
    const row = this.#file.db.prepare('SELECT wh FROM register WHERE meter = ?').get(meter);
    return row === undefined ? undefined : Number(row.wh);
  }

  /** Where a spool that could not be read was put aside. */
  get broken(): string | undefined {
    return this.#file.broken;
  }

  /** @throws LeftOnError `spool_failed` (transient): nothing was put */
  put(readings: readonly Reading[]): void {
    const counts = new Map<string, number>();
    for (const { meter, energyWh } of readings) if (energyWh !== null) counts.set(meter, energyWh);
    const size = this.#size + readings.length;
    const gone = this.#file.transaction(() => {
      for (const { meter, at, watts: power, energyWh, source } of readings)
        this.#insert.run(meter, at, power, energyWh, source);
      for (const [meter, wh] of counts) this.#count.run(meter, wh);
      return this.#room.make(size);
    });
    this.#size = size - gone;
    this.#letGo += gone;
  }

  /** The oldest readings, at most `most`; undefined when nothing waits. */
  oldest(most: number): Batch | undefined {
    const rows = this.#file.attempt(() => this.#oldest.all(most));
    const last = rows.at(-1);
    return last === undefined ? undefined : { readings: rows.map(readingOf), upTo: Number(last.number) };
  }

  /** The readings up to a number need not wait any more. @throws LeftOnError `spool_failed` (transient) */
  delivered(upTo: number): void {
    this.#file.transaction(() => {
      this.#remember.run(upTo);
      this.#size -= Number(this.#remove.run(upTo).changes);
    });
  }

  /** Readings of a meter that wait. */
  count(meter: string): number {
    const row = this.#file.db.prepare('SELECT count(*) AS n FROM reading WHERE meter = ?').get(meter);
    return Number(row?.n);
  }

  /** Deletes what there is of a meter, also from the free parts of the file; the number of readings. */
  forget(meter: string): number {
    const { db } = this.#file;
    const gone = this.#file.transaction(() => {
      db.prepare('DELETE FROM register WHERE meter = ?').run(meter);
      return Number(db.prepare('DELETE FROM reading WHERE meter = ?').run(meter).changes);
    });
    this.#file.attempt(() => {
      db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
    });
    this.#size -= gone;
    return gone;
  }

  /** When it returns, what was put outlives a power cut. @throws LeftOnError `spool_failed` (transient) */
  sync(): void {
    const { db } = this.#file;
    this.#file.attempt(() => {
      db.exec('PRAGMA synchronous = FULL');
      try {
        // a commit brings all before it to the disk
        db.exec('UPDATE spool SET id = id');
      } finally {
        db.exec('PRAGMA synchronous = NORMAL');
      }
    });
  }

  close(): void {
    this.#file.db.close();
  }
}

function readingOf(row: Record<string, unknown>): Reading {
  return {
    meter: String(row.meter),
    at: Number(row.at),
    watts: watts(Number(row.watts)),
    energyWh: row.energy_wh === null ? null : wattHours(Number(row.energy_wh)),
    source: String(row.source),
  };
}
