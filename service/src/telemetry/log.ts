import type { Instant } from '@lefton/core';

type Field = string | number | boolean | null | undefined;
/** Values of an event, under other names than the line's own. */
export type LogFields = Readonly<Record<string, Field>> & { at?: never; level?: never; event?: never };
type Level = 'info' | 'warn' | 'error';

/** The same event, of the same source where it has one, more often than this within a minute is counted, not written. */
const REPEATS = 5;
const WINDOW_MS = 60_000;

interface Repeats {
  since: Instant;
  count: number;
}

/** One JSON object a line: constant event text, values in fields. Secrets are never passed to it. */
export class Log {
  readonly #write: (line: string) => void;
  readonly #now: () => Instant;
  readonly #repeats = new Map<string, Repeats>();

  /** @param now the system's clock, also while a replay simulates another */
  constructor(write: (line: string) => void, now: () => Instant) {
    this.#write = write;
    this.#now = now;
  }

  info(event: string, fields: LogFields = {}): void {
    this.#put('info', event, fields);
  }

  warn(event: string, fields: LogFields = {}): void {
    this.#put('warn', event, fields);
  }

  error(event: string, fields: LogFields = {}): void {
    this.#put('error', event, fields);
  }

  #put(level: Level, event: string, fields: LogFields): void {
    const now = this.#now();
    // a meter with a bad cable silences no other one; sources are those of the settings, so there are few
    const key = `${event}\n${fields.source ?? ''}`;
    const repeats = this.#repeats.get(key) ?? { since: now, count: 0 };
    this.#repeats.set(key, repeats);
    let suppressed: number | undefined;
    // a clock that was set back begins anew as well
    if (now - repeats.since >= WINDOW_MS || now < repeats.since) {
      if (repeats.count > REPEATS) suppressed = repeats.count - REPEATS;
      repeats.since = now;
      repeats.count = 0;
    }
    repeats.count++;
    if (repeats.count > REPEATS) return;
    const line = { at: new Date(now).toISOString(), level, event, ...fields, suppressed };
    this.#write(`${JSON.stringify(line)}\n`);
  }
}
