import type { Instant } from '@lefton/core';
import type { SessionRows } from '../store-ports.ts';
import type { Database } from '../sqlite/database.ts';
import { number } from '../sqlite/row.ts';
import type { Statement } from '../sqlite/statement.ts';

/** Browsers of a household and then some; the one that was used longest ago goes first. */
const MOST_SESSIONS = 100;

/** Browsers that are logged in. */
export class SessionsTable implements SessionRows {
  readonly #put: Statement;
  readonly #trim: Statement;
  readonly #expiresAt: Statement;
  readonly #delete: Statement;

  constructor(db: Database) {
    this.#put = db.prepare(
      'INSERT INTO sessions VALUES (?, ?) ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at',
    );
    this.#trim = db.prepare(
      `DELETE FROM sessions WHERE hash IN (
         SELECT hash FROM sessions ORDER BY expires_at DESC LIMIT -1 OFFSET ${MOST_SESSIONS})`,
    );
    this.#expiresAt = db.prepare('SELECT expires_at FROM sessions WHERE hash = ?');
    this.#delete = db.prepare('DELETE FROM sessions WHERE hash = ?');
  }

  put(hash: Uint8Array, expiresAt: Instant): void {
    this.#put.run(hash, expiresAt);
    this.#trim.run();
  }

  expiresAt(hash: Uint8Array): Instant | null {
    const row = this.#expiresAt.get(hash);
    return row === undefined ? null : number(row, 'expires_at');
  }

  delete(hash: Uint8Array): void {
    this.#delete.run(hash);
  }
}
