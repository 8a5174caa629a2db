import { compileModel, LeftOnError, MADE_BEFORE, Zone } from '@lefton/core';
import type { Model, OtherVersion } from '@lefton/core';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { readModel } from './model-input.ts';
import type { LoadedModel, ModelsInUse, Refusal } from './models.ts';
import { SettledFiles } from './settled-files.ts';

/** What came of a file. */
interface FileRead {
  readonly loaded: LoadedModel | undefined;
  /** Why it was refused. */
  readonly why: string | undefined;
}

/**
 * The model files of a path, by meter. `poll` looks for changes; a file that has become bad is refused and what was
 * loaded from it before stays. A file that was deleted is let go.
 */
export class ModelFiles implements ModelsInUse {
  readonly lazy = false;
  readonly #path: string | null;
  readonly #zone: string | null;
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #now: () => number;
  readonly #otherVersion: OtherVersion;
  readonly #files: SettledFiles;
  readonly #read = new Map<string, FileRead>();
  #version = 0;
  #byMeter = new Map<string | null, LoadedModel>();
  #conflicts: Refusal[] = [];

  /**
   * @param path a model file, or a folder of them; null for none
   * @param zone of the home; a left-on model fitted in another zone is refused, a min-max table takes it over
   * @param otherVersion kept where models are fitted anew: until then such a model decides nothing
   */
  constructor(
    path: string | null,
    zone: string | null,
    log: Log,
    metrics: Metrics,
    now: () => number,
    otherVersion: OtherVersion = 'refuse',
  ) {
    this.#path = path;
    this.#zone = zone;
    this.#log = log;
    this.#metrics = metrics;
    this.#now = now;
    this.#otherVersion = otherVersion;
    this.#files = new SettledFiles(path);
    this.#look(false);
  }

  /** Its own, else the one for any meter. */
  of(meter: string): LoadedModel | undefined {
    return this.#byMeter.get(meter) ?? this.#byMeter.get(null);
  }

  prepare(): undefined {
    return undefined;
  }

  get version(): number {
    return this.#version;
  }

  get loaded(): readonly LoadedModel[] {
    return [...this.#byMeter.values()];
  }

  get refusals(): readonly Refusal[] {
    const bad = [...this.#read].flatMap(([file, { why }]) => (why === undefined ? [] : [{ file, why }]));
    return [...bad, ...this.#conflicts];
  }

  get ready(): boolean {
    return this.#byMeter.size > 0;
  }

  close(): void {
    // files are read and let go
  }

  /** Reads what has changed, once it looks the same twice. */
  poll(): void {
    this.#look(true);
  }

  letGo(meter: string): void {
    for (const [file, { loaded }] of this.#read) {
      if (loaded?.compiled.meter !== meter) continue;
      this.#log.info('a model was deleted with its meter', { file });
      this.#files.accept(file);
      this.#read.delete(file);
      if (file !== this.#path) continue;
      // the one that was asked for is missed no more, until there is another
      const why = `${file}: its meter was forgotten, and this model with it; fit another: lefton fit`;
      this.#read.set(file, { loaded: undefined, why });
    }
    this.#index();
  }

  #look(settle: boolean): void {
    const { changed, gone } = this.#files.look(settle);
    for (const file of changed) this.#read.set(file, this.#readFile(file, this.#read.get(file)?.loaded));
    for (const file of gone) {
      // one that was never settled was never read
      if (this.#read.delete(file)) this.#log.info('a model file is gone', { file });
    }
    if (changed.length + gone.length > 0) this.#index();
  }

  #readFile(file: string, before: LoadedModel | undefined): FileRead {
    try {
      // one that decides is not given up for one that does not
      const otherVersion = before === undefined ? this.#otherVersion : 'refuse';
      const model = inZone(readModel(file, otherVersion), this.#zone);
      const compiled = compileModel(model);
      const loadedAt = this.#now();
      const loaded = { file, compiled, resident: compiled, loadedAt, cohort: null, generation: null };
      this.#log.info('model loaded', { file, kind: model.kind, meter: model.meter, zone: model.zone });
      if (compiled.why === MADE_BEFORE)
        this.#log.warn('this model decides nothing yet', { file, why: MADE_BEFORE });
      return { loaded, why: undefined };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const why = error.message;
      this.#metrics.refusals.add(1);
      this.#log.warn('model refused', { file, why, kept: before !== undefined });
      return { loaded: before, why };
    }
  }

  #index(): void {
    const byMeter = new Map<string | null, LoadedModel>();
    this.#conflicts = [];
    // in the order of names, so that of two for one meter the same is taken as after a restart
    for (const file of [...this.#read.keys()].sort()) {
      const loaded = this.#read.get(file)?.loaded;
      if (loaded === undefined) continue;
      const { meter } = loaded.compiled;
      const first = byMeter.get(meter);
      if (first === undefined) {
        byMeter.set(meter, loaded);
        continue;
      }
      const why = `${file}: expected one model for ${meter ?? 'any meter'}, found ${first.file} for it as well`;
      this.#conflicts.push({ file, why });
      this.#log.warn('model refused', { file, why });
    }
    this.#byMeter = byMeter;
    this.#version++;
    this.#metrics.models.set(byMeter.size);
  }
}

function inZone(model: Model, zone: string | null): Model {
  if (zone === null || zone === model.zone) return model;
  if (model.kind === 'min-max') return { ...model, zone: new Zone(zone).name };
  const expected = `a model fitted for ${zone}; fit it again with --zone ${zone}`;
  throw new LeftOnError({ code: 'bad_model', place: 'zone', expected, found: model.zone });
}
