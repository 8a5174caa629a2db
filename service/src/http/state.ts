import { Router } from 'express';
import { z } from 'zod';
import { utc, utcField } from '../fields.ts';
import type { Meter, Meters } from '../meters.ts';
import type { LoadedModel, ModelsInUse } from '../models.ts';
import type { Clock } from '../ports.ts';
import type { SettingRow } from '../setting-rows.ts';
import type { EpisodeView, Store } from '../store-ports.ts';
import { meterAnswer, meterShape, unheardAnswer } from './models.ts';
import { json } from './operation.ts';
import type { Operation } from './operation.ts';
import { methodNotAllowed } from './problem.ts';

/** Among so many of the newest episodes is one that was no silence. */
const EPISODES = 20;

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
const meterState = meterShape.extend({
  name: z.string().describe('as people call it'),
  zone: z.string(),
  model: modelShape,
  last_episode: episodeShape.nullable().describe('the newest that was unusual'),
});
const state = z.object({
  now: utcField.describe('on the clock of the home, which a replay moves at its own speed'),
  simulated: z.boolean(),
  meter: z.string().describe('meter of queries that name none'),
  muted_until: utcField.nullable(),
  refit: z.enum(['off', 'weekly']),
  alert_at: z.number().describe('score to tell from, as it is set'),
  meters: z.array(meterState),
});
const setting = z.object({
  key: z.string(),
  value: z.string().describe('of a secret only that it is set'),
  source: z.string().nullable().describe('where it was written; null: nowhere, so it is the default'),
});

/** How the home stands, as the page shows it. */
export type State = z.infer<typeof state>;

export const stateOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/state',
    summary: 'all that the page shows of now',
    answers: { 200: json(state) },
  },
  {
    method: 'get',
    path: '/api/settings',
    summary: 'what is set, and where',
    answers: { 200: json(z.object({ settings: z.array(setting) })) },
  },
];

/** What is told of the home as it stands. */
export interface StateDeps {
  readonly meters: Meters;
  readonly models: ModelsInUse;
  readonly store: Store;
  readonly clock: Clock;
  /** Meter of queries that name none. */
  readonly meter: string;
  /** Meters as people call them. */
  readonly names: Readonly<Record<string, string>>;
  /** The clock is a replay's. */
  readonly simulated: boolean;
  readonly refit: 'off' | 'weekly';
  /** Score to tell from. */
  readonly alertAt: number;
  readonly settings: readonly SettingRow[];
}

/** GET /api/state, /api/settings. */
export function stateRoutes(deps: StateDeps): Router {
  const router = Router();
  router
    .route('/api/state')
    .get((_request, response) => {
      response.json(stateOf(deps));
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/api/settings')
    .get((_request, response) => {
      response.json({ settings: deps.settings });
    })
    .all(methodNotAllowed('GET'));
  return router;
}

/** The home as it stands. */
export function stateOf(deps: StateDeps): State {
  const { meters, store, clock, meter: usual } = deps;
  const heard = [...meters.all].map((meter) => heardOf(deps, meter));
  return {
    now: utc(clock.now()) ?? '',
    simulated: deps.simulated,
    meter: usual,
    muted_until: utc(store.mutedUntil()),
    refit: deps.refit,
    alert_at: deps.alertAt,
    meters: [...heard, ...unheardOf(deps)],
  };
}

/** Meters that were not heard yet, as after a history was taken in: the usual one, and each that a model was made for. */
function unheardOf(deps: StateDeps): State['meters'] {
  const { meters, models, meter: usual } = deps;
  const named = models.loaded.flatMap(({ compiled }) => compiled.meter ?? []);
  return [...new Set([usual, ...named])].flatMap((meter) => {
    const model = meters.find(meter) === undefined ? models.of(meter) : undefined;
    return model === undefined ? [] : [{ ...unheardAnswer(meter), ...about(deps, meter, model) }];
  });
}

const heardOf = (deps: StateDeps, meter: Meter): State['meters'][number] => ({
  ...meterAnswer(meter),
  ...about(deps, meter.name, meter.model),
});

type About = Pick<State['meters'][number], 'name' | 'zone' | 'model' | 'last_episode'>;

function about({ names, store }: StateDeps, meter: string, { file, loadedAt, compiled }: LoadedModel): About {
  const { model, zone } = compiled;
  const { until, days, quality } = model.provenance;
  const newest = store.episodes({ meter, from: undefined, limit: EPISODES });
  const last = newest.find(({ kind }) => kind === 'unusual');
  const left = model.kind === 'left-on' ? model : null;
  return {
    name: names[meter] ?? meter,
    zone: zone.name,
    model: {
      ...{ file, loaded_at: utc(loadedAt) ?? '', kind: model.kind },
      mode: left?.mode ?? 'ready',
      why: left?.why ?? null,
      ...{ fitted_until: until, days, quality },
      false_alarms_per_month: left?.false_alarms_per_month ?? null,
    },
    last_episode: last === undefined ? null : episodeOf(last),
  };
}

const episodeOf = ({ episode, since, until, open }: EpisodeView): z.infer<typeof episodeShape> => ({
  ...{ episode, open },
  since: utc(since) ?? '',
  until: utc(until),
});
