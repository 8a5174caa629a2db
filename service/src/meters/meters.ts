import { adoptModel, createState, LeftOnError, restoreState, saveState } from '@lefton/core';
import type { Instant, MeterState } from '@lefton/core';
import type { Log } from '../telemetry/log.ts';
import type { LoadedModel, ModelsInUse } from '../models/models.ts';
import { NotScored } from './not-scored.ts';
import type { MeterRow, TopicRecord } from '../ports.ts';
import type { Store } from '../store-ports.ts';
import { UnscoredStates } from './unscored-states.ts';

/** A meter with what detection remembers of it. */
export interface Meter {
  readonly name: string;
  model: LoadedModel;
  /** The version of the models under which this one was looked up. */
  modelsSeen: number;
  state: MeterState;
  /** The clock when the newest good reading was folded. */
  heardAt: Instant;
  /** An episode is open that began before telling did. */
  untold: boolean;
  /** Changed since the last commit. */
  touched: boolean;
}

const NOBODY: readonly string[] = [];
/** States that `settle` puts under their models at once. */
const SETTLED_AT_ONCE = 1_000;

/** The meters heard so far, kept in memory between commits. */
export class Meters {
  readonly #store: Pick<Store, 'meters'>;
  readonly #models: ModelsInUse;
  readonly #log: Log;
  readonly #meters = new Map<string, Meter>();
  readonly #unscored = new UnscoredStates();
  readonly #notScored: NotScored;
  #newcomers: string[] = [];
  readonly #now: () => Instant;
  readonly #most: number;

  /** @param most meters that are taken; more would be a mistake or an attack, and would fill the memory */
  constructor(store: Pick<Store, 'meters'>, models: ModelsInUse, log: Log, now: () => Instant, most: number) {
    this.#most = most;
    this.#now = now;
    this.#store = store;
    this.#models = models;
    this.#log = log;
    this.#notScored = new NotScored(models, log);
    this.reload();
  }

  get all(): Iterable<Meter> {
    return this.#meters.values();
  }

  get size(): number {
    return this.#meters.size;
  }

  find(name: string): Meter | undefined {
    return this.#meters.get(name);
  }

  /** Reads the models that these records need; undefined where all are there. */
  prepare(records: readonly TopicRecord[]): Promise<void> | undefined {
    return this.#models.lazy ? this.#models.prepare(records.map(({ key }) => key)) : undefined;
  }

  /** The meter of a reading under its newest model; or why it cannot be scored. */
  take(name: string): Meter | 'no_model' | 'too_many_meters' {
    const meter = this.#meters.get(name);
    if (meter?.modelsSeen === this.#models.version) return meter;
    const model = this.#models.of(name);
    if (model === undefined) {
      if (meter !== undefined) meter.heardAt = this.#now();
      return this.#notScored.say(name, 'no_model');
    }
    if (meter !== undefined) {
      if (meter.model !== model) this.#adopt(meter, model);
      meter.modelsSeen = this.#models.version;
      return meter;
    }
    if (this.#meters.size >= this.#most) return this.#notScored.say(name, 'too_many_meters');
    this.#newcomers.push(name);
    return this.#add(model, name, this.#unscored.of(name));
  }

  /**
   * Puts some of the states that were restored under their models, before their meters are heard: so that their silence
   * is noticed, and that they are counted.
   */
  settle(): void {
    this.#load(this.#unscored.settle(SETTLED_AT_ONCE).filter(({ meter }) => !this.#meters.has(meter)));
  }

  /** Names that were heard, not restored, for the first time since this was asked last. */
  newcomers(): readonly string[] {
    if (this.#newcomers.length === 0) return NOBODY;
    const names = this.#newcomers;
    this.#newcomers = [];
    return names;
  }

  /** The rows of the meters that changed since they were saved last: of all, or of these. */
  save(names: Iterable<string> = this.#meters.keys()): MeterRow[] {
    const rows: MeterRow[] = [];
    for (const name of names) {
      const meter = this.#meters.get(name);
      if (meter?.touched !== true) continue;
      meter.touched = false;
      // a meter never heard well has nothing worth keeping
      if (meter.heardAt === -Infinity) continue;
      rows.push({ meter: name, state: saveState(meter.state), heardAt: meter.heardAt });
    }
    return rows;
  }

  /** These meters stand as their rows say; without a row they have not been heard. */
  restore(names: Iterable<string>, rows: Iterable<MeterRow>): void {
    for (const name of names) {
      this.#meters.delete(name);
      this.#unscored.delete(name);
    }
    this.#take(rows);
  }

  /** Forgets what was folded since the last commit. */
  reload(): void {
    this.#meters.clear();
    this.#unscored.clear();
    this.#take(this.#store.meters());
  }

  /** The models of a fleet are read one by one, as meters are heard; until then their states are kept as they came. */
  #take(rows: Iterable<MeterRow>): void {
    if (!this.#models.lazy) {
      this.#load(rows);
      return;
    }
    for (const row of rows) this.#unscored.keep(row, false);
  }

  #load(rows: Iterable<MeterRow>): void {
    for (const row of rows) {
      const model = this.#models.of(row.meter);
      if (model !== undefined) this.#add(model, row.meter, row);
      else {
        this.#unscored.keep(row, true);
        this.#notScored.say(row.meter, 'no_model');
      }
    }
  }

  #add(model: LoadedModel, name: string, row: MeterRow | undefined): Meter {
    // of a meter whose past was taken in there is a row without a state
    const isHeard = row !== undefined && row.state.length > 0;
    const state = isHeard ? this.#restore(model, name, row.state) : createState(model.compiled, name);
    // while this service was down nobody listened: that is no silence of the meter
    const heardAt = isHeard ? this.#now() : -Infinity;
    const meter = {
      name,
      model,
      modelsSeen: this.#models.version,
      state,
      heardAt,
      touched: false,
      untold: false,
    };
    this.#meters.set(name, meter);
    this.#unscored.delete(name);
    return meter;
  }

  #restore(model: LoadedModel, name: string, bytes: Uint8Array): MeterState {
    try {
      return restoreState(model.compiled, name, bytes);
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      this.#log.warn('the state of a meter is of another version and starts anew', {
        meter: name,
        why: error.message,
      });
      return createState(model.compiled, name);
    }
  }

  #adopt(meter: Meter, model: LoadedModel): void {
    const kept = meter.state.keepsTrailing(model.compiled);
    meter.state = adoptModel(model.compiled, meter.state);
    meter.model = model;
    this.#log.info('a meter goes on with a new model', {
      meter: meter.name,
      file: model.file,
      trailing: kept ? 'kept' : 'anew, as the steps or the kind differ',
    });
  }
}
