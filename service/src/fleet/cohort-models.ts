import type { ModelStore } from './model-store.ts';
import type { Rollout } from './rollout.ts';
import { StoredModel } from './stored-model.ts';
import type { Reader } from './stored-model.ts';

/** Models of cohorts, each shared by the meters that have none of their own. */
export class CohortModels {
  readonly #store: ModelStore;
  readonly #reader: Reader;
  /** By generation and name. */
  readonly #models = new Map<string, StoredModel>();

  constructor(reader: Reader) {
    this.#store = reader.store;
    this.#reader = reader;
  }

  get all(): readonly StoredModel[] {
    return [...this.#models.values()];
  }

  /**
   * The newest model of a cohort up to a generation.
   * @param cohort null: of none
   * @throws LeftOnError as ModelStore does, `bad_model`
   */
  of(cohort: string | null, generation: number): StoredModel | undefined {
    const row = cohort === null ? undefined : this.#store.find('cohort', cohort, generation);
    if (cohort === null || row === undefined) return undefined;
    const key = `${row.generation} ${cohort}`;
    const known = this.#models.get(key);
    if (known?.row.change === row.change) return known;
    const model = new StoredModel(this.#reader, 'cohort', cohort, row);
    this.#models.set(key, model);
    return model;
  }

  /** Lets go of those that no meter can have now: another is in their place, or their generation is over. */
  keepTo({ stable, candidate }: Rollout): void {
    for (const [key, { name, row }] of this.#models) {
      const now = [stable, candidate ?? stable].map((generation) =>
        this.#store.find('cohort', name, generation),
      );
      if (!now.some((each) => each?.id === row.id)) this.#models.delete(key);
    }
  }
}
