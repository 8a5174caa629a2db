import { Router } from 'express';
import { z } from 'zod';
import type { Meters } from '../meters.ts';
import type { Metrics } from '../metrics.ts';
import type { Models } from '../models.ts';
import type { Consumer, Deliveries, Topics } from '../ports.ts';
import { refusalAnswer } from './models.ts';
import { json } from './operation.ts';
import type { Operation } from './operation.ts';
import { methodNotAllowed } from './problem.ts';

const readiness = json(
  z.object({
    ready: z.boolean(),
    models: z.array(z.object({ file: z.string(), meter: z.string().nullable() })),
    refused: z.array(refusalAnswer),
    lag_readings: z.int(),
  }),
);

export const healthOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/healthz',
    summary: 'whether the process lives',
    open: true,
    answers: { 200: json(z.object({ status: z.literal('ok') })) },
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'whether it can score',
    open: true,
    answers: { 200: readiness, 503: readiness },
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'counts for Prometheus',
    answers: { 200: { 'text/plain': { schema: z.string() } } },
  },
];

/** What the service is asked about itself. */
export interface HealthDeps {
  readonly topics: Topics;
  readonly consumer: Consumer;
  readonly models: Models;
  readonly meters: Meters;
  readonly deliveries: Deliveries;
  readonly metrics: Metrics;
}

/** GET /healthz (the process lives), /readyz (it can score), /metrics (Prometheus). */
export function healthRoutes({ topics, consumer, models, meters, deliveries, metrics }: HealthDeps): Router {
  const router = Router();
  const lagOf = (): Promise<number> => topics.lag(consumer.group, consumer.topic);
  router
    .route('/healthz')
    .get((_request, response) => {
      response.json({ status: 'ok' });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/readyz')
    .get(async (_request, response) => {
      const loaded = models.loaded.map(({ file, compiled }) => ({ file, meter: compiled.model.meter }));
      const ready = loaded.length > 0;
      response
        .status(ready ? 200 : 503)
        .json({ ready, models: loaded, refused: models.refusals, lag_readings: await lagOf() });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/metrics')
    .get(async (_request, response) => {
      metrics.lag.set(await lagOf());
      metrics.meters.set(meters.size);
      metrics.openEpisodes.set([...meters.all].filter(({ state }) => state.phase === 'open').length);
      metrics.deliveries.clear();
      for (const { channel, state, count } of deliveries.counts())
        metrics.deliveries.set(count, { channel, state });
      metrics.memory.set(process.memoryUsage.rss());
      metrics.uptime.set(Math.round(process.uptime()));
      response.type('text/plain; version=0.0.4').send(metrics.render());
    })
    .all(methodNotAllowed('GET'));
  return router;
}
