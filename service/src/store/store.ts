import type { Instant } from '@lefton/core';
import type { Changes, Clock, MeterRow } from '../ports.ts';
import type { Deliveries } from '../outbox-ports.ts';
import type {
  EpisodeQuery,
  EpisodeView,
  FeedbackLabel,
  HistoryStore,
  PastReading,
  ReadingsQuery,
  SessionRows,
  Store,
  ThinnedReadings,
} from '../store-ports.ts';
import type { Database } from '../sqlite/database.ts';
import { blob, number, text } from '../sqlite/row.ts';
import type { Statement } from '../sqlite/statement.ts';
import { EpisodesTable } from './episodes-table.ts';
import { Expiry } from './expiry.ts';
import { OutboxTable } from './outbox-table.ts';
import { ReadingsTable } from './readings-table.ts';
import { SessionsTable } from './sessions-table.ts';

/** The projections in SQLite. `apply` runs inside the transaction of whoever calls it. */
export class SqliteStore implements Store, HistoryStore {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #readings: ReadingsTable;
  readonly #episodes: EpisodesTable;
  readonly #outbox: OutboxTable;
  readonly #sessions: SessionsTable;
  readonly #expiry: Expiry;
  readonly #meters: Statement;
  readonly #meterId: Statement;
  readonly #saveMeter: Statement;
  readonly #addMeter: Statement;
  readonly #mute: Statement;
  readonly #unmute: Statement;
  readonly #muted: Statement;
  readonly #dropUnheard: Statement;
  readonly #keepTaken: Statement;
  readonly #lastImport: Statement;
  readonly #noteImport: Statement;
  readonly #forgetImport: Statement;

  /** @param keepDays of meters that have days of their own */
  constructor(
    db: Database,
    clock: Clock,
    retentionDays: number,
    keepDays: Readonly<Record<string, number>> = {},
  ) {
    this.#db = db;
    this.#clock = clock;
    this.#readings = new ReadingsTable(db);
    this.#episodes = new EpisodesTable(db);
    this.#outbox = new OutboxTable(db);
    this.#sessions = new SessionsTable(db);
    this.#expiry = new Expiry(db, this.#readings, this.#outbox, retentionDays, keepDays);
    this.#meters = db.prepare('SELECT id, meter, state, heard_at FROM meters ORDER BY meter');
    this.#meterId = db.prepare('SELECT id FROM meters WHERE meter = ?');
    this.#saveMeter = db.prepare(
      `INSERT INTO meters (meter, state, heard_at) VALUES (?, ?, ?)
       ON CONFLICT (meter) DO UPDATE SET state = excluded.state, heard_at = excluded.heard_at`,
    );
    this.#addMeter = db.prepare(
      "INSERT INTO meters (meter, state, heard_at) VALUES (?, x'', 0) ON CONFLICT DO NOTHING",
    );
    this.#mute = db.prepare(
      'INSERT INTO mute VALUES (1, ?) ON CONFLICT DO UPDATE SET until = excluded.until',
    );
    this.#unmute = db.prepare('DELETE FROM mute');
    this.#muted = db.prepare('SELECT until FROM mute');
    this.#dropUnheard = db.prepare("DELETE FROM meters WHERE id = ? AND heard_at = 0 AND state = x''");
    this.#keepTaken = db.prepare(
      'DELETE FROM taken_in WHERE (meter_id, at) IN (SELECT meter_id, at FROM taken_in LIMIT ?)',
    );
    this.#lastImport = db.prepare('SELECT record FROM last_import');
    this.#noteImport = db.prepare('INSERT OR REPLACE INTO last_import VALUES (1, ?, ?)');
    this.#forgetImport = db.prepare('DELETE FROM last_import');
  }

  get deliveries(): Deliveries {
    return this.#outbox;
  }

  get sessions(): SessionRows {
    return this.#sessions;
  }

  apply({ readings, events, alerts }: Changes, meters: readonly MeterRow[]): void {
    for (const { meter, state, heardAt } of meters) this.#saveMeter.run(meter, state, heardAt);
    for (const [meter, kept] of Map.groupBy(readings, (reading) => reading.meter)) {
      const id = this.#idOf(meter);
      if (id !== undefined) this.#readings.insert(id, kept);
    }
    for (const event of events) this.#episodes.apply(event);
    const now = this.#clock.now();
    for (const alert of alerts) this.#outbox.insert(alert, now);
  }

  meters(): MeterRow[] {
    return this.#meters.all().map((row) => ({
      meter: text(row, 'meter'),
      state: blob(row, 'state'),
      heardAt: number(row, 'heard_at'),
    }));
  }

  episodes(query: EpisodeQuery): EpisodeView[] {
    return this.#episodes.query(query);
  }

  lastUnusual(meter: string): EpisodeView | null {
    return this.#episodes.lastUnusual(meter);
  }

  readings(query: ReadingsQuery): ThinnedReadings {
    const id = this.#idOf(query.meter);
    return id === undefined ? { points: [], columnMs: null } : this.#readings.query(id, query);
  }

  newestReading(meter: string): Instant | null {
    const id = this.#idOf(meter);
    return id === undefined ? null : this.#readings.newest(id);
  }

  takeIn(meter: string, readings: readonly PastReading[]): number {
    return this.#db.transaction(() => {
      this.#addMeter.run(meter);
      const id = this.#idOf(meter);
      return id === undefined ? 0 : this.#readings.fill(id, readings);
    });
  }

  takeOut(meter: string, limit: number): number {
    return this.#db.transaction(() => {
      const id = this.#idOf(meter);
      if (id === undefined) return 0;
      const taken = this.#readings.empty(id, limit);
      if (taken === 0 && this.#readings.newest(id) === null) this.#dropUnheard.run(id);
      return taken;
    });
  }

  keepTaken(limit: number): number {
    return this.#keepTaken.run(limit);
  }

  lastImport(): string | null {
    const row = this.#lastImport.get();
    return row === undefined ? null : text(row, 'record');
  }

  noteImport(meter: string, record: string | null): void {
    if (record === null) this.#forgetImport.run();
    else this.#noteImport.run(meter, record);
  }

  label(episode: string, label: FeedbackLabel, at: Instant): boolean {
    return this.#episodes.label(episode, label, at);
  }

  labelOf(episode: string): FeedbackLabel | null {
    return this.#episodes.labelOf(episode);
  }

  mutedUntil(): Instant | null {
    const row = this.#muted.get();
    return row === undefined ? null : number(row, 'until');
  }

  mute(until: Instant | null): void {
    if (until === null) this.#unmute.run();
    else this.#mute.run(until);
  }

  /** @param heard the clock by which readings are noted */
  expire(now: Instant, heard: Instant = now): boolean {
    return this.#expiry.expire(now, heard);
  }

  #idOf(meter: string): number | undefined {
    const row = this.#meterId.get(meter);
    return row === undefined ? undefined : number(row, 'id');
  }
}
