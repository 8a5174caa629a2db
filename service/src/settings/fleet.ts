import type { z } from 'zod';
import type { fleetFields } from './groups/fleet.ts';

/** The keys of a fleet, and what they cannot stand beside. */
interface FleetFields extends z.infer<z.ZodObject<typeof fleetFields>> {
  readonly model?: string | undefined;
  readonly zone: string | null;
  readonly refit: string;
}

/** What is wrong with the keys together, as pairs of key and message. */
export function* fleetProblems(settings: FleetFields): Generator<[keyof FleetFields, string]> {
  const { model, model_store, cohort, zone, refit } = settings;
  if (model_store === null) {
    if (cohort !== null) yield ['cohort', 'is of a fleet: needs model_store'];
    return;
  }
  if (model !== undefined) yield ['model_store', 'holds the models: not together with model'];
  if (zone !== null) yield ['zone', 'each model of a store has its own'];
  if (refit !== 'off')
    yield ['refit', 'is for a model file; a fleet gets new models by `lefton fleet import`'];
}
