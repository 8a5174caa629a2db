import { CompiledModel, LeftOnError, PackedModel } from '@lefton/core';
import type { Cadence, CommonParts } from '@lefton/core';
import type { LoadedModel } from '../models/models.ts';
import type { Kept, ModelMemory } from './model-memory.ts';
import type { ModelRow, ModelStore, Owner } from './model-store.ts';

/** What the objects of a model take beside its numbers and its text, measured on Node 24. */
const OVERHEAD_BYTES = 2_600;

/** What stored models are read with. */
export interface Reader {
  readonly store: ModelStore;
  readonly memory: ModelMemory;
  readonly common: CommonParts;
  readonly now: () => number;
  /** Called with each model that is read. */
  readonly loaded: () => void;
  /** Called where one cannot be read any more. */
  readonly broken: (place: string, why: string) => void;
}

/** A model of the store in use. Its numbers leave the memory when room is needed, and are read again when asked for. */
export class StoredModel implements LoadedModel, Kept {
  readonly row: ModelRow;
  readonly name: string;
  readonly owner: Owner;
  readonly loadedAt: number;
  used = true;
  bytes = 0;
  heat = 0;
  heatAge = 0;
  readonly #reader: Reader;
  #zone = 'UTC';
  #cadence: Cadence | undefined;
  #compiled: CompiledModel | undefined;

  /** @throws LeftOnError `bad_model` */
  constructor(reader: Reader, owner: Owner, name: string, row: ModelRow) {
    this.#reader = reader;
    this.owner = owner;
    this.name = name;
    this.row = row;
    this.loadedAt = reader.now();
    this.#keep(this.#read());
  }

  get file(): string {
    return `${this.#reader.store.file} ${this.owner} ${this.name}, generation ${this.row.generation}`;
  }

  get generation(): number {
    return this.row.generation;
  }

  get cohort(): string | null {
    return this.owner === 'cohort' ? this.name : null;
  }

  get resident(): CompiledModel | undefined {
    return this.#compiled;
  }

  get compiled(): CompiledModel {
    this.used = true;
    return this.#compiled ?? this.#again();
  }

  /** Has it in memory. */
  read(): void {
    this.used = true;
    if (this.#compiled === undefined) this.#again();
  }

  release(): void {
    this.#compiled = undefined;
  }

  #again(): CompiledModel {
    try {
      return this.#keep(this.#read());
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      this.#reader.broken(this.file, error.message);
      return this.#keep(this.#blind());
    }
  }

  #read(): CompiledModel {
    const { store, common, loaded } = this.#reader;
    loaded();
    return new CompiledModel(store.read(this.row, this.file), common);
  }

  #keep(compiled: CompiledModel): CompiledModel {
    this.#compiled = compiled;
    this.#zone = compiled.zone.name;
    this.#cadence = compiled.cadence;
    this.bytes = compiled.packed.byteLength + OVERHEAD_BYTES;
    this.#reader.memory.admit(this);
    return compiled;
  }

  /** Knows nothing, in the steps of what it stands for: the meter goes on as unknown. */
  #blind(): CompiledModel {
    const nothing = Array.from({ length: 168 }, () => null);
    const { stepMs = 60_000, holdMs = 600_000, readingPerStep = false } = this.#cadence ?? {};
    const packed = PackedModel.of({
      ...{ format: 'lefton-model', version: 1, kind: 'left-on', meter: null, zone: this.#zone },
      provenance: {
        ...{ fitted_on: 'nothing', sha256: null, from: '', until: '', days: 0, readings: null },
        ...{ software: '', quality: null, notes: [] },
      },
      cadence: {
        ...{ step_s: stepMs / 1_000, hold_s: holdMs / 1_000 },
        ...{ reading_per_step: readingPerStep, frozen_s: null },
      },
      ...{ mode: 'learning', false_alarms_per_month: 0, holidays: [], left_on: null },
      ...{ expected: { low: nothing, usual: nothing, high: nothing }, why: 'its model cannot be read' },
    });
    return new CompiledModel(packed, this.#reader.common);
  }
}
