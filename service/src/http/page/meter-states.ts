import type { CompiledModel } from '@lefton/core';
import { z } from 'zod';
import { utc, utcField } from '../../settings/fields.ts';
import { nameIn } from '../../meters/meter-names.ts';
import type { MeterNames } from '../../meters/meter-names.ts';
import type { Meter, Meters } from '../../meters/meters.ts';
import type { LoadedModel, ModelsInUse } from '../../models/models.ts';
import type { EpisodeView, Store } from '../../store-ports.ts';
import { meterAnswer, meterShape, unheardAnswer } from './meter-answer.ts';

/** A page shows a choice of them, and each costs time: of more there is the number. */
export const MOST_TOLD = 500;

const modelShape = z.object({
  file: z.string(),
  loaded_at: utcField,
  kind: z.enum(['min-max', 'left-on']),
  mode: z.enum(['learning', 'ready']),
  why: z.string().nullable(),
  fitted_until: z.string(),
  days: z.number(),
  false_alarms_per_month: z.number().nullable(),
  quality: z.object({ held_out_days: z.number(), alerts_per_30_days: z.number() }).nullable(),
});
const episodeShape = z.object({
  episode: z.string(),
  since: utcField,
  until: utcField.nullable(),
  open: z.boolean(),
});
const UNREAD = 'null: its model is not in memory, as may be in a fleet; ask for this meter';

/** A meter as the page shows it. */
export const meterStateShape = meterShape.extend({
  name: z.string().describe('as people call it'),
  zone: z.string().nullable().describe(UNREAD),
  model: modelShape.nullable().describe(UNREAD),
  last_episode: episodeShape.nullable().describe('the newest that was unusual'),
});

/** A meter as the page shows it. */
export type MeterState = z.infer<typeof meterStateShape>;

/** What is told of meters. */
export interface MeterStatesDeps {
  readonly meters: Meters;
  readonly models: ModelsInUse;
  readonly store: Store;
  /** Meter of queries that name none. */
  readonly meter: string;
  /** Meters as people call them. */
  readonly names: MeterNames;
}

/**
 * At most MOST_TOLD meters, and the one that is asked for; of all others that is told which is in memory.
 * @param asked told with its model; where there is no such meter, the first of all is
 */
export function meterStatesOf(deps: MeterStatesDeps, asked: string): { meters: MeterState[]; count: number } {
  const { meters } = deps;
  const unheard = unheardOf(deps);
  const names = firstOf(meters).map(({ name }) => name);
  names.push(...unheard.slice(0, MOST_TOLD - names.length));
  const isThere = meters.find(asked) !== undefined || unheard.includes(asked);
  if (isThere && !names.includes(asked)) names.push(asked);
  const whole = isThere ? asked : names[0];
  return {
    meters: names.flatMap((name) => stateOf(deps, name, name === whole) ?? []),
    count: meters.size + unheard.length,
  };
}

/** As many meters as are told at once. */
export function firstOf({ all }: Meters): Meter[] {
  const first: Meter[] = [];
  for (const meter of all) {
    if (first.length === MOST_TOLD) break;
    first.push(meter);
  }
  return first;
}

/** One meter with its model; undefined where it was not heard and no model was made for it. */
export function meterStateOf(deps: MeterStatesDeps, name: string): MeterState | undefined {
  const { meters, models, meter: usual } = deps;
  const isThere =
    meters.find(name) !== undefined ||
    name === usual ||
    models.loaded.some(({ resident }) => resident?.meter === name);
  return isThere ? stateOf(deps, name, true) : undefined;
}

/** How many meters there are in all. */
export const meterCountOf = (deps: MeterStatesDeps): number => deps.meters.size + unheardOf(deps).length;

/** Meters that were not heard yet, as after a history was taken in: the usual one, and each that a model was made for. */
function unheardOf({ meters, models, meter: usual }: MeterStatesDeps): string[] {
  const named = models.loaded.flatMap(({ resident }) => resident?.meter ?? []);
  return [...new Set([usual, ...named])].filter(
    (meter) => meters.find(meter) === undefined && models.of(meter) !== undefined,
  );
}

/** @param read its model, where that is not in memory */
function stateOf(deps: MeterStatesDeps, name: string, read: boolean): MeterState | undefined {
  const { meters, models, names, store } = deps;
  const meter = meters.find(name);
  const model = meter?.model ?? models.of(name);
  if (model === undefined) return undefined;
  const compiled = read ? model.compiled : model.resident;
  const last = store.lastUnusual(name);
  return {
    ...(meter === undefined ? unheardAnswer(name) : meterAnswer(meter, compiled)),
    name: nameIn(names, name) ?? name,
    zone: compiled?.zone.name ?? null,
    model: compiled === undefined ? null : modelAnswer(model, compiled),
    last_episode: last === null ? null : episodeOf(last),
  };
}

function modelAnswer({ file, loadedAt }: LoadedModel, { packed }: CompiledModel): MeterState['model'] {
  const { kind, mode, why, until, days, quality, falseAlarmsPerMonth } = packed.facts;
  return {
    ...{ file, loaded_at: utc(loadedAt) ?? '', kind, mode, why, fitted_until: until, days, quality },
    false_alarms_per_month: falseAlarmsPerMonth,
  };
}

const episodeOf = ({ episode, since, until, open }: EpisodeView): MeterState['last_episode'] => ({
  ...{ episode, open },
  since: utc(since) ?? '',
  until: utc(until),
});
