import express, { Router } from 'express';
import { z } from 'zod';
import type { Clock } from '../ports.ts';
import type { EpisodeView, Store } from '../store-ports.ts';
import { countField, instantField, meterField, utc } from '../fields.ts';
import { methodNotAllowed, Problem } from './problem.ts';

const query = z.strictObject({
  meter: meterField.optional(),
  from: instantField.optional(),
  limit: countField(1_000, 100),
});
const feedback = z.strictObject({ label: z.enum(['fine', 'left_on']) });
const mute = z.strictObject({ until: instantField.nullable() });

/** GET /api/episodes, POST /api/episodes/:id/feedback, POST /api/mute. */
export function episodesRoutes(store: Store, clock: Clock): Router {
  const router = Router();
  const json = express.json({ limit: '1kb' });
  router
    .route('/api/episodes')
    .get((request, response) => {
      const { meter, from, limit } = query.parse(request.query);
      response.json({ episodes: store.episodes({ meter, from, limit }).map(answerOf) });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/api/episodes/:id/feedback')
    .post(json, (request, response) => {
      const { label } = feedback.parse(request.body);
      const { id } = request.params;
      if (!store.label(id, label, clock.now()))
        throw new Problem(404, 'Not found', 'There is no such episode.');
      response.json({ episode: id, label });
    })
    .all(methodNotAllowed('POST'));
  router
    .route('/api/mute')
    .post(json, (request, response) => {
      const { until } = mute.parse(request.body);
      store.mute(until);
      response.json({ until: utc(until) });
    })
    .all(methodNotAllowed('POST'));
  return router;
}

const answerOf = (episode: EpisodeView): Record<string, unknown> => ({
  ...episode,
  since: utc(episode.since),
  opened_at: utc(episode.opened_at),
  until: utc(episode.until),
  closed_at: utc(episode.closed_at),
});
