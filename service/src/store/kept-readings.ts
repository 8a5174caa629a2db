import { LeftOnError } from '@lefton/core';
import type { Log } from '../telemetry/log.ts';
import type { Changes, KeptReading, Projection } from '../ports.ts';
import type { Database } from '../sqlite/database.ts';
import type { Store } from '../store-ports.ts';

/** After a fault of the disk it is tried again no sooner: a busy one holds everybody up. */
const AGAIN_MS = 1_000;
/** Readings that wait for room; of more the oldest go. About 10 MB. */
const MOST_WAITING = 100_000;
/** Readings in one transaction. */
const AT_ONCE = 5_000;

/**
 * Keeps the readings of a cluster to look at, after they have been scored and committed there. The states are in the log,
 * so a meter stands here by its name alone. A disk that is full holds up nothing: readings wait for it in memory.
 */
export class KeptReadings implements Projection {
  readonly #db: Database;
  readonly #store: Pick<Store, 'apply'>;
  readonly #log: Log;
  /** Meters that have a row. */
  readonly #known = new Set<string>();
  #waiting: KeptReading[] = [];
  #lost = 0;
  /** When it is tried again; undefined while all is well. */
  #againAt: number | undefined;

  constructor(db: Database, store: Pick<Store, 'apply'>, log: Log) {
    this.#db = db;
    this.#store = store;
    this.#log = log;
  }

  apply({ readings }: Changes): void {
    if (readings.length === 0) return;
    this.#waiting = this.#waiting.concat(readings);
    if (performance.now() >= (this.#againAt ?? 0)) this.#write();
    const tooMany = this.#waiting.length - MOST_WAITING;
    if (tooMany <= 0) return;
    this.#waiting = this.#waiting.slice(tooMany);
    this.#lost += tooMany;
  }

  /** A meter is to be forgotten: its row goes, and what waits of it. */
  lose(meter: string): void {
    this.#known.delete(meter);
    this.#waiting = this.#waiting.filter((reading) => reading.meter !== meter);
  }

  #write(): void {
    const readings = this.#waiting.slice(0, AT_ONCE);
    const fresh = new Set(readings.map(({ meter }) => meter).filter((meter) => !this.#known.has(meter)));
    const rows = [...fresh].map((meter) => ({ meter, state: new Uint8Array(), heardAt: 0 }));
    try {
      this.#db.transaction(() => {
        this.#store.apply({ readings, events: [], alerts: [] }, rows);
      });
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      // said once: it is tried again as long as readings come
      if (this.#againAt === undefined)
        this.#log.warn('readings cannot be kept to look at and wait', {
          code: error.code,
          why: error.message,
        });
      this.#againAt = performance.now() + AGAIN_MS;
      return;
    }
    for (const meter of fresh) this.#known.add(meter);
    this.#waiting = this.#waiting.slice(readings.length);
    if (this.#againAt === undefined) return;
    this.#againAt = undefined;
    this.#log.info('readings are kept again', { lost: this.#lost });
    this.#lost = 0;
  }
}
