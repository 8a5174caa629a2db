import { LeftOnError, messageOf } from '@lefton/core';
import { Bell } from '../runtime/bell.ts';
import { optionsOf, questionOf } from './history-choices.ts';
import type { HistoryInDeps } from './history-in.ts';
import type { HistoryJob } from './history-job.ts';
import type { ReadResult } from './history-task.ts';
import { HistoryWorker } from './history-worker.ts';
import { noteImport, settle, writtenModel } from './last-import.ts';
import type { LastImport } from './last-import.ts';
import { modelPlace } from './model-place.ts';
import { fitPast, putInUse } from './past-model.ts';
import { storePast } from './storing.ts';
import type { Upload } from './upload.ts';

/** Nothing more came for so long: whoever sent is gone. */
const SENDING_MS = 60_000;
/** Nobody has answered for so long. */
const ASKING_MS = 60 * 60_000;
const NO_QUESTION = { question: null, asked_of: [] };

/** The way of one export: sent, read, asked about, stored, fitted, used. */
export class HistoryRun {
  readonly job: HistoryJob;
  readonly upload: Upload;
  readonly #deps: HistoryInDeps;
  readonly #told: () => void;
  readonly #bell = new Bell();
  readonly #gone = new AbortController();
  #worker: HistoryWorker | undefined;
  /** Another number whenever the file has to be read anew. */
  #reading = 0;

  /** @param told called when the job has changed */
  constructor(job: HistoryJob, upload: Upload, deps: HistoryInDeps, told: () => void) {
    this.job = job;
    this.upload = upload;
    this.#deps = deps;
    this.#told = told;
  }

  /** Something has come, or was chosen. @param anew the file has to be read again */
  changed(anew: boolean): void {
    if (anew) {
      this.#reading++;
      if (this.job.state === 'reading') this.#worker?.stop();
    }
    this.#bell.ring();
    this.#told();
  }

  cancel(): void {
    this.#set({ state: 'cancelled' });
    this.#gone.abort();
    this.#worker?.stop();
  }

  async go(): Promise<void> {
    const { job } = this;
    const { modelPath, models, log } = this.#deps;
    try {
      await this.#receive();
      const read = await this.#read();
      const { meter = '' } = job.choices;
      await this.#store(meter, read);
      const place = modelPlace(modelPath, models, meter);
      this.#enter('fitting', 'loading');
      const fitted = await this.#work((worker) => fitPast(worker, job, meter, place, this.#deps));
      // a model in use is replaced by who says so only
      if (place.inUse !== undefined) {
        this.#enter('choosing');
        await this.#until(ASKING_MS, () => job.choices.use !== undefined);
      }
      const used = place.inUse === undefined || job.choices.use === true;
      this.#set({ used });
      this.#enter('starting');
      const written = (): void => {
        this.#note(meter, writtenModel(place.file, fitted.before !== undefined));
      };
      await putInUse(used, place, fitted, this.#deps, this.#gone.signal, written);
      this.#enter('done');
    } catch (error) {
      if (this.#gone.signal.aborted) return;
      const problem = messageOf(error);
      this.#set({ state: 'failed', stage: null, ...NO_QUESTION, problem });
      if (!(error instanceof LeftOnError)) log.error('an export was not taken in', { why: problem });
    }
  }

  async #receive(): Promise<void> {
    const { upload } = this;
    while (!upload.isWhole) {
      const before = upload.received;
      await this.#until(SENDING_MS, () => upload.received !== before);
    }
  }

  /** Reads the file until nothing is open, and somebody wants it taken. */
  async #read(): Promise<ReadResult> {
    const { job } = this;
    for (;;) {
      const reading = this.#reading;
      const isOld = (): boolean => this.#reading !== reading;
      this.#enter('reading');
      const zone = job.choices.zone ?? this.#knownZone;
      const found = await this.#tryReading(zone, isOld);
      if (found !== undefined) {
        const { rejected, notes } = found.report;
        this.#set({ report: { ...found.report, rejected: [...rejected], notes: [...notes] } });
        if (zone === undefined) this.#ask('zone', 'the zone of the home: its hours of the day are looked at');
        else this.#enter('read');
      }
      await this.#until(ASKING_MS, () => isOld() || (job.state === 'read' && job.choices.take === true));
      if (found !== undefined && !isOld()) return found;
    }
  }

  /** Undefined where something has to be chosen first, or has been chosen meanwhile. */
  async #tryReading(zone: string | undefined, isOld: () => boolean): Promise<ReadResult | undefined> {
    const { job, upload } = this;
    const options = optionsOf({ ...job.choices, zone }, job.name);
    try {
      return await this.#work((worker) => worker.read(upload.file, this.#packed, options));
    } catch (error) {
      if (isOld()) return undefined;
      const question = error instanceof LeftOnError ? questionOf(error) : undefined;
      if (!(error instanceof LeftOnError) || question === undefined) throw error;
      this.#ask(question, `${error.expected}; found ${error.found}`, error.choices);
      return undefined;
    }
  }

  async #store(meter: string, { report, holdMs }: ReadResult): Promise<void> {
    const { store, policy, kept, clock, changed } = this.#deps;
    this.#enter('storing', 'storing');
    await settle(store);
    this.#gone.signal.throwIfAborted();
    this.#note(meter, null);
    const storing = {
      ...{ file: this.#packed, meter, readings: report.readings, holdMs },
      newest: Date.parse(report.last ?? ''),
      limits: { ...policy.limits, now: clock.now(), kept: kept(meter) },
    };
    const progress = (share: number): void => {
      this.#set({ share });
    };
    const { signal } = this.#gone;
    const stored = await storePast(store, storing, progress, signal);
    signal.throwIfAborted();
    this.#set({ stored });
    this.#note(meter, null);
    changed();
  }

  /** It can be taken out again, also where it breaks off here. */
  #note(meter: string, model: LastImport['model']): void {
    const { name, report, stored } = this.job;
    const readings = stored?.added ?? report?.readings ?? 0;
    noteImport(this.#deps.store, { name, meter, readings, model });
  }

  get #packed(): string {
    return `${this.upload.file}.packed`;
  }

  /** Of the settings, or of the model in use. */
  get #knownZone(): string | undefined {
    const { zone, models } = this.#deps;
    return zone ?? models.of(this.job.choices.meter ?? '')?.compiled.zone.name;
  }

  #enter(state: HistoryJob['state'], stage: HistoryJob['stage'] = null): void {
    this.#set({ state, stage, share: null, ...NO_QUESTION, problem: null });
  }

  #ask(question: HistoryJob['question'], problem: string, choices: readonly string[] = []): void {
    this.#set({ state: 'asking', stage: null, question, asked_of: [...choices], problem });
  }

  #set(fields: Partial<HistoryJob>): void {
    Object.assign(this.job, fields);
    this.#told();
  }

  async #work<T>(of: (worker: HistoryWorker) => Promise<T>): Promise<T> {
    this.#gone.signal.throwIfAborted();
    const worker = new HistoryWorker((stage, share) => {
      this.#set({ stage, share });
    });
    this.#worker = worker;
    try {
      const done = await of(worker);
      this.#gone.signal.throwIfAborted();
      return done;
    } finally {
      this.#worker = undefined;
    }
  }

  /** Resolves when it holds; rejects when that takes too long, or when it is cancelled. */
  async #until(ms: number, holds: () => boolean): Promise<void> {
    const late = AbortSignal.timeout(ms);
    const either = AbortSignal.any([this.#gone.signal, late]);
    while (!holds() && !either.aborted) await this.#bell.next(either);
    this.#gone.signal.throwIfAborted();
    if (holds()) return;
    const expected = 'somebody to go on with it';
    throw new LeftOnError({
      code: 'abandoned',
      place: this.job.name,
      expected,
      found: 'nobody for a long time',
    });
  }
}
