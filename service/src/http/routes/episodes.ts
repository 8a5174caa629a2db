import express from 'express';
import { z } from 'zod';
import type { Jobs } from '../../runtime/jobs.ts';
import type { Clock } from '../../ports.ts';
import type { EpisodeView, Store } from '../../store-ports.ts';
import { countField, instantField, meterField, utc, utcField } from '../../settings/fields.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { json } from '../contract/operation.ts';
import { Problem } from '../problem.ts';

const query = z.strictObject({
  meter: meterField.optional(),
  from: instantField.optional(),
  limit: countField(1_000, 100),
});
const label = z.enum(['fine', 'left_on']);
const feedback = z.strictObject({ label });
const mute = z.strictObject({ until: instantField.nullable() });
const episode = z.object({
  episode: z.string(),
  kind: z.enum(['unusual', 'silent']),
  meter: z.string(),
  open: z.boolean(),
  since: utcField,
  opened_at: utcField.nullable(),
  until: utcField.nullable(),
  closed_at: utcField.nullable(),
  watts: z.number().nullable(),
  usual_watts: z.number().nullable(),
  score: z.number().nullable(),
  excess_wh: z.number(),
  cost: z.number().nullable(),
  why: z.string(),
  label: label.nullable(),
  learning: z
    .object({ command: z.string(), by_itself: z.boolean() })
    .nullable()
    .describe('how the model learns from the answer; null without one, or where it does not'),
});

const params = z.object({ id: z.string().meta({ examples: ['home@2026-01-05T02:00:00Z'] }) });
const operations = {
  list: {
    method: 'get',
    path: '/api/episodes',
    summary: 'what was left on, newest first',
    query,
    answers: { 200: json(z.object({ episodes: z.array(episode) })) },
  },
  label: {
    method: 'post',
    path: '/api/episodes/:id/feedback',
    summary: 'say what an episode was',
    params,
    body: json(feedback, { label: 'fine' }),
    answers: { 200: json(z.object({ episode: z.string(), label })) },
  },
  mute: {
    method: 'post',
    path: '/api/mute',
    summary: 'no alerts until then; null: alerts again',
    body: json(mute, { until: '2026-01-05T09:00:00Z' }, { until: null }),
    answers: { 200: json(z.object({ until: utcField.nullable() })) },
  },
} satisfies Operations;

/** What the routes stand on. */
interface EpisodesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly jobs: Jobs;
}

/** GET /api/episodes, POST /api/episodes/:id/feedback, POST /api/mute. */
export function episodesRoutes({ store, clock, jobs }: EpisodesDeps): Endpoints {
  const parse = express.json({ limit: '1kb' });
  return endpointsOf(operations, {
    list: (request, response) => {
      const { meter, from, limit } = query.parse(request.query);
      response.json({ episodes: store.episodes({ meter, from, limit }).map((each) => answerOf(each, jobs)) });
    },
    label: [
      parse,
      (request, response) => {
        const { label } = feedback.parse(request.body);
        const { id } = params.parse(request.params);
        if (!store.label(id, label, clock.now()))
          throw new Problem(404, 'Not found', 'There is no such episode.');
        response.json({ episode: id, label });
      },
    ],
    mute: [
      parse,
      (request, response) => {
        const { until } = mute.parse(request.body);
        store.mute(until);
        response.json({ until: utc(until) });
      },
    ],
  });
}

const answerOf = (episode: EpisodeView, jobs: Jobs): Record<string, unknown> => ({
  ...episode,
  since: utc(episode.since),
  opened_at: utc(episode.opened_at),
  until: utc(episode.until),
  closed_at: utc(episode.closed_at),
  learning: episode.label === null ? null : jobs.learningOf(episode.meter),
});
