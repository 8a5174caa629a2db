import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock, Consumer, Topics } from '../../ports.ts';
import { refusalAnswer } from './models.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { json } from '../contract/operation.ts';
import { scrape } from './scrape.ts';
import type { ScrapeDeps } from './scrape.ts';

/** A probe is answered within a second or two, also while no broker answers. */
const LAG_MS = 1_000;

const readiness = json(
  z.object({
    ready: z.boolean(),
    models: z.array(z.object({ file: z.string(), meter: z.string().nullable() })),
    refused: z.array(refusalAnswer),
    lag_readings: z.int().nullable(),
    trouble: z.string().nullable(),
  }),
);

const operations = {
  alive: {
    method: 'get',
    path: '/healthz',
    summary: 'whether the process lives',
    open: true,
    answers: { 200: json(z.object({ status: z.literal('ok') })) },
  },
  ready: {
    method: 'get',
    path: '/readyz',
    summary: 'whether it can score',
    open: true,
    answers: { 200: readiness, 503: readiness },
  },
  metrics: {
    method: 'get',
    path: '/metrics',
    summary: 'counts for Prometheus',
    answers: { 200: { 'text/plain': { schema: z.string() } } },
  },
} satisfies Operations;

/** What the service is asked about itself. */
export interface HealthDeps extends ScrapeDeps {
  readonly topics: Topics;
  readonly consumer: Consumer;
  readonly system: Clock;
  /** False where others score. */
  readonly needsModel: boolean;
  /** Why nothing is read now; undefined while all is well. */
  readonly trouble: () => string | undefined;
}

/** GET /healthz (the process lives), /readyz (it can score), /metrics (Prometheus). */
export function healthRoutes(deps: HealthDeps): Endpoints {
  const { topics, consumer, models, metrics, system } = deps;
  /** null while the transport does not answer, or not at once. */
  const lagOf = async (): Promise<number | null> => {
    if (deps.trouble() !== undefined) return null;
    const patience = setTimeout(LAG_MS, null, { ref: false });
    return Promise.race([topics.lag(consumer.group, consumer.topic).catch(() => null), patience]);
  };
  const isReady = (): boolean => (models.ready || !deps.needsModel) && deps.trouble() === undefined;
  return endpointsOf(operations, {
    alive: (_request, response) => {
      response.json({ status: 'ok' });
    },
    ready: async (_request, response) => {
      const loaded = models.loaded.map(({ file, compiled }) => ({ file, meter: compiled.meter }));
      const lag = await lagOf();
      const ready = isReady();
      response.status(ready ? 200 : 503).json({
        ready,
        models: loaded,
        refused: models.refusals,
        lag_readings: lag,
        trouble: deps.trouble() ?? null,
      });
    },
    metrics: async (_request, response) => {
      metrics.partitionLag.clear();
      scrape(deps, await lagOf(), isReady(), system.now());
      response.type('text/plain; version=0.0.4').send(metrics.render());
    },
  });
}
