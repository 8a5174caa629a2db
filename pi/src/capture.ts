import { isTransient } from '@lefton/core';
import type { Reading } from '@lefton/core';
import type { CaptureLog, Pause } from './capture-log.ts';
import type { Drain } from './spool/drain.ts';
import type { Interpreter } from './reading/interpreter.ts';
import type { LinkReport } from './link/link.ts';
import type { Source } from './source.ts';
import type { Spool } from './spool/spool.ts';
import type { Stamp } from './reading/stamp.ts';

/** What a power cut may take with it, at most. */
const SYNC_MS = 5_000;
/** Readings that are kept in memory while the spool cannot be written. */
const MOST_HELD = 10_000;

/** A source, and how its telegrams are understood. */
interface Listened {
  readonly source: Source;
  readonly interpreter: Interpreter;
}

/** What a capture works with. */
export interface CaptureParts {
  readonly listened: readonly Listened[];
  readonly spool: Spool;
  readonly drain: Drain;
  readonly stamp: Stamp;
  readonly pause: Pause;
  readonly log: CaptureLog;
  /** Told of each reading once it is in the spool. */
  readonly spooled: (reading: Reading) => void;
}

/** How a capture stands. */
export interface CaptureReport {
  readonly links: readonly LinkReport[];
  readonly waiting: number;
  readonly let_go: number;
  readonly delivered: number;
  readonly refused: number;
  /** How often this machine's clock was set and believed. */
  readonly clock_jumps: number;
}

/** Sources to spool to destination. The sources never wait for what comes after them. */
export class Capture {
  readonly #parts: CaptureParts;
  #held: Reading[] = [];
  #letGo = 0;
  #unsynced = false;
  #flushing = false;
  readonly #failing = Promise.withResolvers<never>();

  constructor(parts: CaptureParts) {
    this.#parts = parts;
  }

  /** What is listened to. */
  get name(): string {
    return this.#parts.listened.map(({ source }) => source.name).join(', ');
  }

  report(): CaptureReport {
    const { listened, spool, drain, stamp } = this.#parts;
    return {
      links: listened.map(({ source }) => source.link()),
      waiting: spool.size + this.#held.length,
      let_go: spool.letGo + this.#letGo,
      delivered: drain.counts.taken,
      refused: drain.counts.refused,
      clock_jumps: stamp.jumps,
    };
  }

  /**
   * Until aborted, or until all sources have ended and their readings were brought. Rejects on a fault that does not pass;
   * the spool is closed in any case.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { listened, spool, drain } = this.#parts;
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    let ended = false;
    const heard = Promise.all(
      listened.map(({ source, interpreter }) =>
        source.run((telegram) => {
          const reading = interpreter.read(telegram);
          if (reading !== undefined) this.#take(reading);
        }, either),
      ),
    ).then(() => {
      ended = true;
      drain.wake();
    });
    const brought = drain.run(either, () => ended && this.#held.length === 0);
    const kept = this.#keep(either);
    const all = [heard, brought, kept];
    try {
      await Promise.race([Promise.all([heard, brought]), kept, this.#failing.promise]);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      over.abort();
      await Promise.allSettled(all);
      try {
        this.#flush();
        if (spool.size > 0)
          this.#whenItWorks(() => {
            spool.sync();
          });
      } finally {
        spool.close();
      }
    }
  }

  #take(reading: Reading): void {
    this.#held.push(reading);
    if (this.#held.length > MOST_HELD) {
      this.#held.shift();
      this.#letGo++;
    }
    if (this.#flushing) return;
    this.#flushing = true;
    // what comes in one piece is written in one piece
    queueMicrotask(() => {
      this.#flushing = false;
      try {
        this.#flush();
      } catch (error) {
        this.#failing.reject(error);
      }
    });
  }

  #flush(): void {
    const readings = this.#held;
    if (readings.length === 0) return;
    const { spool, drain, spooled } = this.#parts;
    const done = this.#whenItWorks(() => {
      spool.put(readings);
    });
    if (!done) return;
    this.#held = [];
    this.#unsynced = true;
    for (const reading of readings) spooled(reading);
    drain.wake();
  }

  /** Against power cuts, and to try again what could not be written. */
  async #keep(signal: AbortSignal): Promise<void> {
    const { spool, pause } = this.#parts;
    while (!signal.aborted) {
      await pause(SYNC_MS, signal);
      this.#flush();
      // what has been delivered needs no disk
      if (this.#unsynced && spool.size > 0)
        this.#unsynced = !this.#whenItWorks(() => {
          spool.sync();
        });
    }
  }

  #whenItWorks(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!isTransient(error)) throw error;
      this.#parts.log.warn('the spool does not work now', { why: error.message });
      return false;
    }
  }
}
