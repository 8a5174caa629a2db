import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CanonicalCsv } from '../records/canonical-csv.ts';
import type { Log } from '../telemetry/log.ts';
import { lookAt } from '../telemetry/look.ts';
import type { Pause, Topics } from '../ports.ts';
import { bad } from '../records/reading-format.ts';
import { Intake } from './intake.ts';
import { LONGEST_LINE, wholeLines } from './lines.ts';
import { produceWhenPossible, whenPossible } from './patience.ts';
import { unreadable } from './source.ts';
import type { Destination, Source } from './source.ts';
import { isSameFile, placeAt, placeOf, START } from './tail-place.ts';
import type { TailPlace } from './tail-place.ts';

const CHUNK = 2 * LONGEST_LINE;
const POLL_MS = 250;
/** Calls of the system that a file fails in. */
const OF_A_FILE: readonly unknown[] = ['read', 'fstat'];

const TOO_LONG = bad('line', `at most ${LONGEST_LINE} bytes`, 'more');

/** What a tail is set to. */
interface TailSettings {
  readonly file: string;
  /** Meter of rows that name none. */
  readonly meter: string;
  /** End at the end of the file, instead of waiting for it to grow. */
  readonly once: boolean;
}

/**
 * Follows a growing canonical CSV. Every whole line is taken exactly once, over restarts, truncation and rotation; a
 * half-written last line waits for its end.
 */
export class Tail implements Source {
  readonly name: string;
  readonly #settings: TailSettings;
  readonly #topics: Topics;
  readonly #pause: Pause;
  readonly #log: Log;
  readonly #intake: Intake;
  readonly #chunk = Buffer.alloc(CHUNK);
  #fd: number | undefined;
  #place: TailPlace | undefined;
  /** In the middle of a line that is too long. */
  #skipping = false;
  /** What is wrong with the file, each told once until it is right again. */
  readonly #said = new Set<'open' | 'read' | 'look'>();

  constructor(settings: TailSettings, to: Destination, pause: Pause, log: Log) {
    this.name = `tail ${settings.file}`;
    this.#settings = settings;
    this.#topics = to.topics;
    this.#pause = pause;
    this.#log = log;
    const csv = new CanonicalCsv({ meter: settings.meter, source: 'tail' });
    this.#intake = new Intake(to, this.name, settings.meter, (line) => csv.read(line));
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        if (await this.poll(signal)) continue;
        if (this.#settings.once) return;
        await this.#pause(POLL_MS, signal);
      }
    } finally {
      this.#close();
    }
  }

  /** Takes at most one chunk of whole lines; true when there may be more to read right now. */
  async poll(signal: AbortSignal): Promise<boolean> {
    this.#place ??= placeOf(await whenPossible(() => this.#topics.progress(this.name), signal));
    const fd = this.#open();
    if (fd === undefined) return false;
    try {
      return await this.#take(fd, this.#place, signal);
    } catch (error) {
      if (!OF_A_FILE.includes((error as NodeJS.ErrnoException).syscall)) throw error;
      if (this.#settings.once) throw unreadable(this.#settings.file, error);
      if (this.#isNew('read')) {
        const why = (error as Error).message;
        this.#log.warn('the tailed file cannot be read now', { ...this.#fields(), why });
      }
      this.#close();
      return false;
    }
  }

  async #take(fd: number, from: TailPlace, signal: AbortSignal): Promise<boolean> {
    let place = from;
    if (!isSameFile(fd, place)) {
      this.#log.info('the tailed file is another one and is read from its start', this.#fields());
      place = this.#place = START;
      this.#skipping = false;
    }
    const size = readSync(fd, this.#chunk, 0, CHUNK, place.offset);
    this.#said.delete('read');
    const { lines, taken } = wholeLines(this.#chunk.subarray(0, size));
    if (taken === 0 && size <= LONGEST_LINE) return this.#atEnd(fd, this.#chunk.subarray(0, size), signal);
    if (taken === 0) {
      await this.#skip(fd, size, signal);
      return true;
    }
    if (this.#skipping) lines.shift();
    this.#skipping = false;
    const next = placeAt(fd, place.offset + taken, this.#place);
    await this.#intake.put(lines, signal, { source: this.name, position: JSON.stringify(next) });
    this.#place = next;
    return true;
  }

  /** The first part of a line that is too long goes to the dead letters, the rest of it nowhere. */
  async #skip(fd: number, size: number, signal: AbortSignal): Promise<void> {
    const next = placeAt(fd, (this.#place?.offset ?? 0) + size, this.#place);
    const progress = { source: this.name, position: JSON.stringify(next) };
    if (this.#skipping) await produceWhenPossible(this.#topics, [], signal, progress);
    else await this.#intake.putDead(this.#chunk, TOO_LONG, signal, progress);
    this.#skipping = true;
    this.#place = next;
  }

  #open(): number | undefined {
    if (this.#fd !== undefined) return this.#fd;
    try {
      this.#fd = openSync(this.#settings.file, 'r');
      this.#said.delete('open');
    } catch (error) {
      if (this.#settings.once) throw unreadable(this.#settings.file, error);
      if (this.#isNew('open')) {
        const why = error instanceof Error ? error.message : '';
        this.#log.warn('the tailed file cannot be opened yet', { ...this.#fields(), why });
      }
    }
    return this.#fd;
  }

  /** A last line without its end is taken when nothing will be added to it any more. */
  async #atEnd(fd: number, rest: Buffer, signal: AbortSignal): Promise<boolean> {
    const rotated = this.#isRotated(fd);
    if (rest.length > 0 && !this.#skipping && (rotated || this.#settings.once)) {
      const next = placeAt(fd, (this.#place?.offset ?? 0) + rest.length, this.#place);
      await this.#intake.put([rest], signal, { source: this.name, position: JSON.stringify(next) });
      this.#place = next;
    }
    if (rotated) {
      this.#log.info('the tailed file was rotated', this.#fields());
      this.#close();
    }
    return rotated;
  }

  /** Whether the name of the open file now leads to another one, as far as that can be said. */
  #isRotated(fd: number): boolean {
    const look = lookAt(this.#settings.file);
    if ('unseen' in look) {
      const { missing, why } = look.unseen;
      if (!missing && this.#isNew('look'))
        this.#log.warn('the name of the tailed file cannot be looked at now', { ...this.#fields(), why });
      return false;
    }
    this.#said.delete('look');
    return look.stat.ino !== fstatSync(fd).ino;
  }

  #isNew(trouble: 'open' | 'read' | 'look'): boolean {
    const isNew = !this.#said.has(trouble);
    this.#said.add(trouble);
    return isNew;
  }

  #fields(): { file: string; offset: number } {
    return { file: this.#settings.file, offset: this.#place?.offset ?? 0 };
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
