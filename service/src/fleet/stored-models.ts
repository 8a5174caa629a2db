import { CommonParts, LeftOnError } from '@lefton/core';
import { setImmediate } from 'node:timers/promises';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { LoadedModel, ModelsInUse, Refusal } from '../models/models.ts';
import { CohortModels } from './cohort-models.ts';
import { ModelMemory } from './model-memory.ts';
import type { ModelStore } from './model-store.ts';
import { generationOf, MILLE } from './rollout.ts';
import type { Rollout } from './rollout.ts';
import { StoredModel } from './stored-model.ts';
import type { Reader } from './stored-model.ts';

/** So long models are read before others get their turn. */
const SLICE_MS = 4;
/** Names that are remembered, also those that have no model: more are looked up anew. */
const MOST_NAMES = 1_000_000;
/** Refusals that are told; more of them are counted. */
const MOST_REFUSALS = 100;

/** What was found for a meter, and under which version of the store. */
interface Found {
  version: number;
  model: StoredModel | undefined;
}

/** Settings of the models of a fleet. */
interface FleetSettings {
  /** Cohort of meters that have no model and were put into none; null: such meters are not scored. */
  readonly cohort: string | null;
  /** Bytes of models in memory. */
  readonly mostBytes: number;
}

/**
 * The models of a store, by meter: read when a meter is heard first, kept while there is room, looked up anew when the
 * store changes. A meter without one of its own is held against its cohort.
 */
export class StoredModels implements ModelsInUse {
  readonly lazy = true;
  readonly #store: ModelStore;
  readonly #settings: FleetSettings;
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #memory: ModelMemory;
  readonly #reader: Reader;
  readonly #found = new Map<string, Found>();
  readonly #cohorts: CohortModels;
  readonly #broken = new Map<string, string>();
  #rollout: Rollout;
  #change: number;
  #version = 1;
  /** Of those found, meters that have no model. */
  #unknown = 0;

  constructor(store: ModelStore, settings: FleetSettings, log: Log, metrics: Metrics, now: () => number) {
    this.#store = store;
    this.#settings = settings;
    this.#log = log;
    this.#metrics = metrics;
    this.#memory = new ModelMemory(settings.mostBytes);
    this.#reader = {
      ...{ store, memory: this.#memory, common: new CommonParts(), now },
      loaded: () => {
        metrics.modelLoads.add(1);
      },
      broken: (place, why) => {
        this.#refuse(place, why);
      },
    };
    this.#cohorts = new CohortModels(this.#reader);
    this.#change = store.change;
    this.#rollout = store.rollout();
  }

  of(meter: string): StoredModel | undefined {
    const known = this.#found.get(meter);
    if (known?.version === this.#version) return known.model;
    const model = this.#look(meter, known?.model);
    if (known !== undefined) {
      known.version = this.#version;
      this.#unknown += Number(model === undefined) - Number(known.model === undefined);
      known.model = model;
      return model;
    }
    if (this.#found.size >= MOST_NAMES) {
      this.#found.clear();
      this.#unknown = 0;
    }
    this.#found.set(meter, { version: this.#version, model });
    if (model === undefined) this.#unknown++;
    return model;
  }

  prepare(meters: Iterable<string>): Promise<void> | undefined {
    const missing = new Set<string>();
    for (const meter of meters) {
      const known = this.#found.get(meter);
      if (known?.version !== this.#version) {
        missing.add(meter);
        continue;
      }
      if (known.model === undefined) continue;
      this.#memory.ask(known.model);
      if (known.model.resident === undefined) missing.add(meter);
    }
    return missing.size === 0 ? undefined : this.#readAll(missing);
  }

  get version(): number {
    return this.#version;
  }

  get loaded(): readonly LoadedModel[] {
    return this.#cohorts.all;
  }

  get ready(): boolean {
    return !this.#store.isEmpty;
  }

  get refusals(): readonly Refusal[] {
    return [...this.#broken].slice(0, MOST_REFUSALS).map(([file, why]) => ({ file, why }));
  }

  /** Looks whether the store has changed. */
  poll(): void {
    const { models, modelBytes, modelEvictions, unknownMeters, rolloutShare, rolloutGeneration } =
      this.#metrics;
    models.set(this.#memory.size);
    modelBytes.set(this.#memory.bytes);
    modelEvictions.set(this.#memory.evictions);
    unknownMeters.set(this.#unknown);
    const { stable, candidate, perMille } = this.#rollout;
    rolloutShare.set(candidate === null ? 0 : perMille / MILLE);
    rolloutGeneration.clear();
    rolloutGeneration.set(stable, { role: 'stable' });
    if (candidate !== null) rolloutGeneration.set(candidate, { role: 'candidate' });
    try {
      const { change } = this.#store;
      if (change === this.#change) return;
      this.#rollout = this.#store.rollout();
      this.#cohorts.keepTo(this.#rollout);
      this.#change = change;
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      this.#refuse(this.#store.file, error.message);
      return;
    }
    this.#version++;
    this.#broken.clear();
    this.#log.info('the store of models has changed', { ...this.#rollout });
  }

  letGo(): void {
    this.poll();
  }

  close(): void {
    this.#store.close();
  }

  /** Its own model, else that of its cohort; one that cannot be read leaves what there was. */
  #look(meter: string, before: StoredModel | undefined): StoredModel | undefined {
    try {
      const generation = generationOf(meter, this.#rollout, (name) => this.#store.isNamed(name));
      const own = this.#store.find('meter', meter, generation);
      const same = own !== undefined && before?.row.id === own.id && before.row.change === own.change;
      if (same) return before;
      if (own !== undefined) return new StoredModel(this.#reader, 'meter', meter, own);
      return this.#cohorts.of(this.#store.cohortOf(meter) ?? this.#settings.cohort, generation);
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      this.#refuse(`${this.#store.file} meter ${meter}`, error.message);
      return before;
    }
  }

  /** All of them, in slices: heartbeats, other partitions and people get their turn in between. */
  async #readAll(meters: Iterable<string>): Promise<void> {
    let until = performance.now() + SLICE_MS;
    for (const meter of meters) {
      this.of(meter)?.read();
      if (performance.now() < until) continue;
      await setImmediate();
      until = performance.now() + SLICE_MS;
    }
  }

  #refuse(place: string, why: string): void {
    if (this.#broken.has(place)) return;
    this.#broken.set(place, why);
    this.#metrics.refusals.add(1);
    this.#log.warn('model refused', { file: place, why });
  }
}
