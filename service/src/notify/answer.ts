import { DAY, MINUTE, SECOND } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

/** Without a word about when to come again. */
const USUAL_WAIT_MS = MINUTE;
const LONGEST_WAIT_MS = DAY;

const word = z.union([z.string(), z.number()]).optional().catch(undefined);
const refusal = z.object({
  error: z
    .union([z.string(), z.object({ code: word, type: word, message: word })])
    .optional()
    .catch(undefined),
  error_code: word,
  code: word,
  message: word,
});

/** What a server answered: the head decides, the body came as far as time and size allowed. */
export class Answer {
  readonly status: number;
  /** Empty where none came; its start where `flaw` says so. */
  readonly text: string;
  /** Why the text is not whole. */
  readonly flaw: string | null;
  readonly #headers: IncomingHttpHeaders;

  constructor(status: number, headers: IncomingHttpHeaders, text: string, flaw: string | null) {
    this.status = status;
    this.text = text;
    this.flaw = flaw;
    this.#headers = headers;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** Undefined where the body is no JSON. */
  get json(): unknown {
    try {
      return this.flaw === null ? (JSON.parse(this.text) as unknown) : undefined;
    } catch {
      return undefined;
    }
  }

  header(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** The server's own word for what is wrong, for programs; undefined where it has none. */
  get errorCode(): string | undefined {
    const { error, error_code, code } = this.#refusal;
    const own = typeof error === 'object' ? error.code : undefined;
    return (own ?? error_code ?? code)?.toString();
  }

  /** Status, and what the body says is wrong; comes from outside. */
  get found(): string {
    const { error, message } = this.#refusal;
    const detail = typeof error === 'object' ? error : { type: undefined, message: error };
    const reasons = [this.errorCode, detail.type, detail.message ?? message].filter(
      (text) => text !== undefined,
    );
    const plain = /^text\/plain\b/.test(this.header('content-type') ?? '') ? this.text.trim() : '';
    const body = this.json === undefined ? (this.flaw ?? (plain || 'without JSON')) : reasons.join(' ');
    return body === '' ? `HTTP ${this.status}` : `HTTP ${this.status} ${body}`;
  }

  /** When the server wants to be asked again, by its Retry-After; null where it says nothing. */
  retryAt(now: Instant): Instant | null {
    const told = this.header('retry-after');
    if (told === undefined) return null;
    return /^\d+$/.test(told) ? inBounds(now, Number(told) * SECOND) : this.#at(Date.parse(told), now);
  }

  /** When a limit that is told in X-Ratelimit-Reset (unix seconds) begins anew; never null. */
  resetAt(now: Instant): Instant {
    const told = this.header('x-ratelimit-reset') ?? '';
    const seconds = /^\d+(?:\.\d+)?$/.test(told) ? Number(told) : NaN;
    return this.#at(seconds * SECOND, now);
  }

  get #refusal(): z.infer<typeof refusal> {
    return refusal.safeParse(this.json).data ?? {};
  }

  /** By the server's clock: a small computer's own may be wrong. */
  #at(instant: number, now: Instant): Instant {
    const there = Date.parse(this.header('date') ?? '');
    return inBounds(now, instant - (Number.isNaN(there) ? now : there));
  }
}

function inBounds(now: Instant, waitMs: number): Instant {
  if (Number.isNaN(waitMs)) return now + USUAL_WAIT_MS;
  return now + Math.min(Math.max(Math.ceil(waitMs), SECOND), LONGEST_WAIT_MS);
}
