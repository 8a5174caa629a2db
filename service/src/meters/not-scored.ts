import type { Log } from '../telemetry/log.ts';
import type { ModelsInUse } from '../models/models.ts';
import { NamedOnce } from './named-once.ts';

/** Models that are named beside it. */
const MOST_MODELS = 20;

/** Says once of each meter why its readings are not scored. */
export class NotScored {
  readonly #models: ModelsInUse;
  readonly #log: Log;
  readonly #said = { no_model: new NamedOnce(), too_many_meters: new NamedOnce() };

  constructor(models: ModelsInUse, log: Log) {
    this.#models = models;
    this.#log = log;
  }

  /** @returns `why` */
  say<T extends 'no_model' | 'too_many_meters'>(meter: string, why: T): T {
    if (!this.#said[why].isNew(meter)) return why;
    // of a fleet there are many, and asking for one may read it
    const have = this.#models.lazy ? [] : this.#models.loaded.slice(0, MOST_MODELS);
    const names = have.map(({ compiled }) => compiled.meter ?? 'any meter').join(', ');
    this.#log.warn('readings of a meter are not scored', { meter, why, models_are_for: names });
    return why;
  }
}
