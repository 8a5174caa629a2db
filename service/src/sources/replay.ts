import { DAY, LeftOnError } from '@lefton/core';
import type { Instant, Reading } from '@lefton/core';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CanonicalCsv } from '../records/canonical-csv.ts';
import type { ReplayClock } from '../runtime/clock.ts';
import type { Dead } from '../records/dead-letters.ts';
import type { NewRecord, Pause } from '../ports.ts';
import { deadRecord, rawRecord } from '../records/raw-record.ts';
import { lineBatches } from './lines.ts';
import { unreadable } from './source.ts';
import { produceWhenPossible } from './patience.ts';
import type { Destination, Source } from './source.ts';

const BATCH = 2_000;
const STEP_MS = 50;
/** Readings before `from` that are folded without telling, so that detection knows what is trailing. */
const WARM_UP = DAY;

/** What a replay is set to. */
interface ReplaySettings {
  readonly file: string;
  readonly meter: string;
  /** Simulated time per real time; Infinity: as fast as scoring goes. */
  readonly speed: number;
  /** The replay begins here; -Infinity: with the file. */
  readonly from: Instant;
}

/** A record that is due at an instant of the replay. */
interface Due {
  readonly at: Instant;
  readonly record: NewRecord;
  /** What is wrong with it where it is no reading. */
  readonly dead?: Dead;
}

/**
 * Plays a canonical CSV as if it happened now, on a simulated clock. The clock never runs ahead of scoring, so a
 * replay gives the same events at every speed, and stands still while people are told.
 */
export class Replay implements Source {
  readonly name: string;
  readonly #settings: ReplaySettings;
  readonly #to: Destination;
  readonly #clock: ReplayClock;
  readonly #pause: Pause;
  readonly #step: () => Promise<void>;
  readonly #group: string | null;
  #newest: Instant = -Infinity;
  /** Real time that the clock stood still for. */
  #stoodMs = 0;

  /**
   * @param group consumer group that scores, waited for after each step; null: nobody is
   * @param step called after each step of the clock, when everything up to it is scored
   */
  constructor(
    settings: ReplaySettings,
    to: Destination,
    clock: ReplayClock,
    pause: Pause,
    group: string | null,
    step: () => Promise<void>,
  ) {
    this.name = `replay ${settings.file}`;
    this.#settings = settings;
    this.#to = to;
    this.#clock = clock;
    this.#pause = pause;
    this.#group = group;
    this.#step = step;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { speed, from } = this.#settings;
    const batch: Due[] = [];
    let began: { readonly real: number; readonly at: Instant } | undefined;
    for await (const due of this.#dues()) {
      const { at } = due;
      // what comes before the first reading has no time
      const timed = at > -Infinity;
      if (timed && at < from - WARM_UP) continue;
      if (timed && at >= from) began ??= { real: performance.now() - this.#stoodMs, at };
      while (began !== undefined && speed < Infinity && !signal.aborted) {
        const reached = began.at + Math.floor((performance.now() - began.real - this.#stoodMs) * speed);
        if (at <= reached) break;
        await this.#play(batch, reached, signal);
        await this.#pause(Math.min(STEP_MS, (at - reached) / speed), signal);
      }
      if (signal.aborted) return;
      batch.push(due);
      if (batch.length >= BATCH) await this.#play(batch, at, signal);
      else this.#newest = at;
    }
    await this.#play(batch, this.#newest, signal);
  }

  async #play(batch: Due[], now: Instant, signal: AbortSignal): Promise<void> {
    this.#clock.advance(now);
    if (batch.length > 0) {
      const { topics, dead } = this.#to;
      const dues = batch.splice(0);
      await produceWhenPossible(
        topics,
        dues.map(({ record }) => record),
        signal,
      );
      dead.tell(dues.flatMap((due) => due.dead ?? []));
      if (this.#group !== null) await topics.caughtUp(this.#group, 'raw_power', signal);
    }
    const stopped = performance.now();
    await this.#step();
    this.#stoodMs += performance.now() - stopped;
  }

  async *#dues(): AsyncGenerator<Due> {
    const { file, meter } = this.#settings;
    const csv = new CanonicalCsv({ meter, source: 'replay' });
    let at = -Infinity;
    for await (const lines of lineBatches(open(file))) {
      for (const line of lines) {
        try {
          const reading: Reading | undefined = csv.read(line.toString('utf8'));
          if (reading === undefined) continue;
          at = reading.at;
          yield { at, record: rawRecord(this.#to.codec, reading) };
        } catch (error) {
          if (!(error instanceof LeftOnError)) throw error;
          const record = deadRecord(meter, line, error.message, this.name);
          yield { at, record, dead: { fault: error, from: { source: this.name } } };
        }
      }
    }
  }
}

/** The bytes of a file, unpacked where its name says that it is packed. */
async function* open(file: string): AsyncGenerator<Buffer> {
  try {
    const bytes = createReadStream(file);
    // the callback form of pipeline passes a fault of the file on to the stream that is read here
    const plain = file.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
    for await (const chunk of plain) yield chunk as Buffer;
  } catch (error) {
    throw unreadable(file, error);
  }
}
