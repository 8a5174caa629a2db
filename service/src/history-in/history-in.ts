import { LeftOnError, messageOf } from '@lefton/core';
import type { Policy } from '@lefton/core';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Bell } from '../runtime/bell.ts';
import type { Log } from '../telemetry/log.ts';
import type { HistoryStore } from '../store-ports.ts';
import { READING } from './history-choices.ts';
import type { HistoryChoices } from './history-choices.ts';
import { hasEnded, newJob } from './history-job.ts';
import type { HistoryJob } from './history-job.ts';
import { lastImportOf, putBack, takeOut } from './last-import.ts';
import type { LastImport } from './last-import.ts';
import { HistoryRun } from './history-run.ts';
import type { PastModelDeps } from './past-model.ts';
import { Upload } from './upload.ts';

/** A year of seconds, packed by gzip, is half of this. */
export const MOST_BYTES = 256 * 1024 ** 2;
/** Where the one of the settings is a replay's. */
const OTHER_METER = 'my-home';

/** What taking in stands on. */
export interface HistoryInDeps extends PastModelDeps {
  readonly store: HistoryStore;
  /** Of the settings: a model file, or a folder of them. */
  readonly modelPath: string | null;
  /** Meter of exports of which nobody has said whose they are. */
  readonly meter: string;
  /** Its readings are a replay's, and no history of it is taken in. */
  readonly replayed: string | null;
  readonly policy: Policy;
  /** Days that readings of a meter are kept: by the clock, or from its own newest reading. */
  readonly kept: (meter: string) => { readonly days: number; readonly byClock: boolean };
  readonly log: Log;
  /** The stored past is another now. */
  readonly changed: () => void;
}

/**
 * Takes an export into the store as the past of a meter and makes a model of it, one at a time. Where something is open it
 * waits for the person; what is chosen, also beforehand, is in the choices. The files are gone when it ends.
 */
export class HistoryIn {
  /** Rings when the export on its way is another than before, in any way. */
  readonly changed = new Bell();
  readonly #deps: HistoryInDeps;
  readonly #folder: string;
  #run: HistoryRun | undefined;
  /** The export that is being taken out, or was last. */
  #taking: HistoryJob | undefined;
  /** Resolves when what was begun last writes nothing any more. */
  #work: Promise<void> = Promise.resolve();
  #next = 1;

  constructor(deps: HistoryInDeps) {
    this.#deps = deps;
    this.#folder = `${deps.db}.incoming`;
    // what a kill has left
    this.#clear();
  }

  /** The export on its way, or the last one. */
  get job(): HistoryJob | null {
    return this.#taking ?? this.#run?.job ?? null;
  }

  /** @throws LeftOnError `history_busy`, `too_large`, `replayed` */
  start(name: string, size: number, choices: HistoryChoices): void {
    const { meter, replayed } = this.#deps;
    this.#refuseBusy(name);
    this.#taking = undefined;
    if (size > MOST_BYTES) {
      const expected = `at most ${MOST_BYTES / 1024 ** 2} MB; pack it with gzip, or take a shorter time`;
      throw fault('too_large', name, expected, `${Math.ceil(size / 1024 ** 2)} MB`);
    }
    this.#refuseReplayed(choices);
    const job = newJob(this.#next++, name, size);
    job.choices = { meter: meter === replayed ? OTHER_METER : meter, ...choices };
    mkdirSync(this.#folder, { recursive: true });
    const upload = new Upload(join(this.#folder, 'export'), name, size);
    const run = new HistoryRun(job, upload, this.#deps, () => {
      this.changed.ring();
    });
    this.#run = run;
    this.#work = run.go().finally(() => {
      if (this.#run === run) this.#clear();
    });
  }

  /** What can be taken out again; null for nothing. */
  get last(): LastImport | null {
    return this.#busy === undefined ? lastImportOf(this.#deps.store) : null;
  }

  /**
   * Takes out again what was taken in last, if anything: its readings, and the model that came of it.
   * @throws LeftOnError `history_busy`
   */
  takeOut(): void {
    const { store, changed, log } = this.#deps;
    this.#refuseBusy('taking out');
    const last = lastImportOf(store);
    if (last === null) return;
    const job: HistoryJob = {
      ...newJob(this.#next++, last.name, 0),
      state: 'taking_out',
      choices: { meter: last.meter },
    };
    const set = (fields: Partial<HistoryJob>): void => {
      Object.assign(job, fields);
      this.changed.ring();
    };
    this.#taking = job;
    const work = async (): Promise<void> => {
      const readings = await takeOut(store, last, (share) => {
        set({ share });
      });
      const model = putBack(last.model);
      store.noteImport(last.meter, null);
      changed();
      set({ state: 'taken_out', taken_out: { readings, model } });
    };
    this.#work = work().catch((error: unknown) => {
      log.error('an export was not taken out', { why: String(error) });
      set({ state: 'failed', problem: messageOf(error) });
    });
  }

  /** Takes a part of the file. @throws LeftOnError as Upload does, or `no_history_job` */
  async take(part: Readable, at: number): Promise<void> {
    const run = this.#current();
    try {
      await run.upload.take(part, at);
    } finally {
      run.job.received = run.upload.received;
      run.changed(false);
    }
  }

  /** @throws LeftOnError `no_history_job`, `replayed` */
  choose(choices: HistoryChoices): void {
    const run = this.#current();
    this.#refuseReplayed(choices);
    const { job } = run;
    const before = job.choices;
    job.choices = { ...before, ...choices };
    run.changed(READING.some((key) => before[key] !== job.choices[key]));
  }

  cancel(): void {
    if (this.#run === undefined || hasEnded(this.#run.job)) return;
    this.#run.cancel();
    this.#clear();
  }

  /** Ends what is on its way for a meter that is to be forgotten; resolves when nothing of it can come any more. */
  async letGo(meter: string): Promise<void> {
    if (this.job?.choices.meter !== meter) return;
    this.cancel();
    await this.#work;
  }

  #current(): HistoryRun {
    if (this.#run === undefined || hasEnded(this.#run.job))
      throw fault('no_history_job', 'history', 'an export on its way; begin with one', 'none');
    return this.#run;
  }

  get #busy(): string | undefined {
    const { job } = this;
    return job === null || hasEnded(job) ? undefined : job.name;
  }

  #refuseBusy(place: string): void {
    const busy = this.#busy;
    if (busy !== undefined)
      throw fault('history_busy', place, 'no other export on its way; finish or cancel that first', busy);
  }

  #refuseReplayed({ meter }: HistoryChoices): void {
    if (meter === undefined || meter !== this.#deps.replayed) return;
    throw fault(
      'replayed',
      'meter',
      'another name: what is replayed here is not mixed with a history',
      meter,
    );
  }

  #clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const fault = (code: string, place: string, expected: string, found: string): LeftOnError =>
  new LeftOnError({ code, place, expected, found });
