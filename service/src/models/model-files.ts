import { compileModel, LeftOnError, MADE_BEFORE, Zone } from '@lefton/core';
import type { Model, OtherVersion } from '@lefton/core';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../telemetry/log.ts';
import { lookAt } from '../telemetry/look.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { readModel } from './model-input.ts';
import type { LoadedModel, ModelsInUse, Refusal } from './models.ts';

/** As it was when last looked at. */
interface Seen {
  readonly stamp: string;
  readonly loaded: LoadedModel | undefined;
  readonly why: string | undefined;
  /** A newer stamp, seen once: the file may still be being written. */
  readonly settling?: string;
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
  #seen = new Map<string, Seen>();
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
    const bad = [...this.#seen].flatMap(([file, { why }]) => (why === undefined ? [] : [{ file, why }]));
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
    for (const [file, { loaded }] of this.#seen) {
      if (loaded?.compiled.meter !== meter) continue;
      this.#log.info('a model was deleted with its meter', { file });
      this.#seen.delete(file);
      if (file !== this.#path) continue;
      // the one that was asked for is missed no more, until there is another
      const why = `${file}: its meter was forgotten, and this model with it; fit another: lefton fit`;
      this.#seen.set(file, { stamp: stampOf(file), loaded: undefined, why });
    }
    this.#index();
  }

  #look(settle: boolean): void {
    const seen = new Map<string, Seen>();
    let changed = false;
    for (const file of this.#files()) {
      const before = this.#seen.get(file);
      const stamp = stampOf(file);
      if (before?.stamp === stamp) {
        seen.set(file, before);
        continue;
      }
      if (settle && before?.settling !== stamp) {
        const unread = { stamp: '', loaded: undefined, why: undefined };
        seen.set(file, { ...(before ?? unread), settling: stamp });
        continue;
      }
      changed = true;
      seen.set(file, this.#read(file, stamp, before?.loaded));
    }
    for (const file of this.#seen.keys()) {
      if (seen.has(file)) continue;
      changed = true;
      this.#log.info('a model file is gone', { file });
    }
    this.#seen = seen;
    if (changed) this.#index();
  }

  #files(): string[] {
    const path = this.#path;
    if (path === null) return [];
    try {
      if (!statSync(path).isDirectory()) return [path];
      return readdirSync(path)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => join(path, name));
    } catch {
      // a folder may be half way through being replaced: what was read from it stays until it can be listed again
      return this.#seen.size > 0 ? [...this.#seen.keys()] : [path];
    }
  }

  #read(file: string, stamp: string, before: LoadedModel | undefined): Seen {
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
      return { stamp, loaded, why: undefined };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const why = error.message;
      this.#metrics.refusals.add(1);
      this.#log.warn('model refused', { file, why, kept: before !== undefined });
      return { stamp, loaded: before, why };
    }
  }

  #index(): void {
    const byMeter = new Map<string | null, LoadedModel>();
    this.#conflicts = [];
    for (const [file, { loaded }] of this.#seen) {
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

/** Changes when the file does, and when it cannot be looked at or can be again. */
function stampOf(file: string): string {
  const look = lookAt(file);
  if ('stat' in look) return `${look.stat.mtimeMs}:${look.stat.size}:${look.stat.ino}`;
  return look.unseen.missing ? 'missing' : `unreadable: ${look.unseen.code}`;
}

function inZone(model: Model, zone: string | null): Model {
  if (zone === null || zone === model.zone) return model;
  if (model.kind === 'min-max') return { ...model, zone: new Zone(zone).name };
  const expected = `a model fitted for ${zone}; fit it again with --zone ${zone}`;
  throw new LeftOnError({ code: 'bad_model', place: 'zone', expected, found: model.zone });
}
