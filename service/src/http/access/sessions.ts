import { DAY } from '@lefton/core';
import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../ports.ts';
import type { SessionRows } from '../../store-ports.ts';

/** A browser that has not been used for so long logs in again. */
const LASTS_MS = 30 * DAY;
/** Longer ago than this, the end is put off: one write a day. */
const RENEW_MS = DAY;

/**
 * Who has logged in by a browser. What is kept is no key: a row is the HMAC of the browser's random id under the token, so
 * a read database opens nothing, and another token ends all sessions.
 */
export class Sessions {
  readonly #rows: SessionRows;
  readonly #token: string;
  readonly #clock: Clock;

  constructor(rows: SessionRows, token: string, clock: Clock) {
    this.#rows = rows;
    this.#token = token;
    this.#clock = clock;
  }

  /** The id for the browser to keep. */
  open(): string {
    const id = randomBytes(32).toString('base64url');
    this.#rows.put(this.#hash(id), this.#clock.now() + LASTS_MS);
    return id;
  }

  isOpen(id: string): boolean {
    const hash = this.#hash(id);
    const left = (this.#rows.expiresAt(hash) ?? -Infinity) - this.#clock.now();
    if (left <= 0) return false;
    // further ahead than any was put: the clock was set back since
    if (left < LASTS_MS - RENEW_MS || left > LASTS_MS) this.#rows.put(hash, this.#clock.now() + LASTS_MS);
    return true;
  }

  close(id: string): void {
    this.#rows.delete(this.#hash(id));
  }

  #hash(id: string): Uint8Array {
    return createHmac('sha256', this.#token).update(id).digest();
  }
}
