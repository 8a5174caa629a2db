import { z } from 'zod';
import { meterField, utc, utcField } from '../../settings/fields.ts';
import type { Clock } from '../../ports.ts';
import type { SettingRow } from '../../settings/rows.ts';
import { meterStateShape, meterStatesOf, MOST_TOLD } from './meter-states.ts';
import type { MeterStatesDeps } from './meter-states.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { json } from '../contract/operation.ts';

const state = z.object({
  now: utcField.describe('on the clock of the home, which a replay moves at its own speed'),
  simulated: z.boolean(),
  meter: z.string().describe('meter of queries that name none'),
  muted_until: utcField.nullable(),
  refit: z.enum(['off', 'weekly']),
  alert_at: z.number().describe('score to tell from, as it is set'),
  meter_count: z.int().describe('how many there are in all'),
  meters: z.array(meterStateShape).describe(`at most ${MOST_TOLD}, and the one that is asked for`),
});
const ofMeter = z.strictObject({
  meter: meterField.optional().describe('told with its model; left out: the usual one'),
});
const setting = z.object({
  key: z.string(),
  value: z.string().describe('of a secret only that it is set'),
  source: z.string().nullable().describe('where it was written; null: nowhere, so it is the default'),
});

/** How the home stands, as the page shows it. */
export type State = z.infer<typeof state>;

const operations = {
  state: {
    method: 'get',
    path: '/api/state',
    summary: 'all that the page shows of now',
    query: ofMeter,
    answers: { 200: json(state) },
  },
  settings: {
    method: 'get',
    path: '/api/settings',
    summary: 'what is set, and where',
    answers: { 200: json(z.object({ settings: z.array(setting) })) },
  },
} satisfies Operations;

/** What is told of the home as it stands. */
export interface StateDeps extends MeterStatesDeps {
  readonly clock: Clock;
  /** The clock is a replay's. */
  readonly simulated: boolean;
  readonly refit: 'off' | 'weekly';
  /** Score to tell from. */
  readonly alertAt: number;
  readonly settings: readonly SettingRow[];
}

/** GET /api/state, /api/settings. */
export function stateRoutes(deps: StateDeps): Endpoints {
  return endpointsOf(operations, {
    state: (request, response) => {
      const { meter = deps.meter } = ofMeter.parse(request.query);
      const { meters, count } = meterStatesOf(deps, meter);
      response.json({ ...homeOf(deps), meter_count: count, meters } satisfies State);
    },
    settings: (_request, response) => {
      response.json({ settings: deps.settings });
    },
  });
}

/** All of the home but its meters. */
export const homeOf = ({ store, clock, ...deps }: StateDeps): Omit<State, 'meters' | 'meter_count'> => ({
  now: utc(clock.now()) ?? '',
  simulated: deps.simulated,
  meter: deps.meter,
  muted_until: utc(store.mutedUntil()),
  refit: deps.refit,
  alert_at: deps.alertAt,
});
