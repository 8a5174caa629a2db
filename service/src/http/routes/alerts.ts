import { z } from 'zod';
import type { ChannelName } from '../../channel.ts';
import { countField, meterField, utc, utcField } from '../../settings/fields.ts';
import type { Deliveries, DeliveryView } from '../../outbox-ports.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { json } from '../contract/operation.ts';

const MOST_EPISODES = 50;
const anEpisode = z.string().min(1).max(200);
const query = z.strictObject({
  meter: meterField.optional(),
  episode: z
    .union([anEpisode, z.array(anEpisode).min(1).max(MOST_EPISODES)])
    .optional()
    .meta({ examples: ['home@2026-01-05T02:00:00Z'] })
    .describe(`alerts about this episode alone; given again for further ones, up to ${MOST_EPISODES}`),
  limit: countField(1_000, 100),
});
const states = ['pending', 'sent', 'failed', 'expired', 'dropped'] as const;
const alert = z.object({
  episode: z.string(),
  event: z.string(),
  channel: z.string(),
  meter: z.string(),
  at: utcField,
  state: z.enum(states),
  stands_in_for: z.string().nullable(),
  created_at: utcField,
  settled_at: utcField.nullable(),
  attempts: z.int(),
  note: z.string().nullable(),
});
const channel = z.object({
  channel: z.string(),
  closed_until: utcField.nullable(),
  why: z.string().nullable(),
  trouble: z.string().nullable(),
  counts: z.partialRecord(z.enum(states), z.int()),
});

const operations = {
  alerts: {
    method: 'get',
    path: '/api/alerts',
    summary: 'who was told what and how it is known, or why not; newest first',
    query,
    answers: { 200: json(z.object({ alerts: z.array(alert) })) },
  },
  channels: {
    method: 'get',
    path: '/api/channels',
    summary: 'the ways to people, and how they fare',
    answers: { 200: json(z.object({ channels: z.array(channel) })) },
  },
} satisfies Operations;

/** What the routes of alerts need. */
export interface AlertsDeps {
  readonly deliveries: Deliveries;
  readonly channels: readonly ChannelName[];
  /** Why a channel would not tell, when it was looked at last. */
  readonly troubleOf: (channel: ChannelName) => string | undefined;
}

/** GET /api/alerts, /api/channels. */
export function alertsRoutes({ deliveries, channels, troubleOf }: AlertsDeps): Endpoints {
  return endpointsOf(operations, {
    alerts: (request, response) => {
      const { meter, episode, limit } = query.parse(request.query);
      const episodes = episode === undefined ? undefined : [episode].flat();
      response.json({ alerts: deliveries.list({ meter, episodes, limit }).map(answerOf) });
    },
    channels: (_request, response) => {
      const closed = new Map(deliveries.closed().map((each) => [each.channel, each]));
      const counts = deliveries.counts();
      response.json({
        channels: channels.map((name) => ({
          channel: name,
          closed_until: utc(closed.get(name)?.until ?? null),
          why: closed.get(name)?.why ?? null,
          trouble: troubleOf(name) ?? null,
          counts: Object.fromEntries(
            counts.filter((each) => each.channel === name).map(({ state, count }) => [state, count]),
          ),
        })),
      });
    },
  });
}

const answerOf = (delivery: DeliveryView): z.input<typeof alert> => ({
  episode: delivery.episode,
  event: delivery.event,
  channel: delivery.channel,
  meter: delivery.record.meter,
  at: delivery.record.at,
  state: delivery.state,
  stands_in_for: delivery.standsIn,
  created_at: utc(delivery.createdAt) ?? '',
  settled_at: utc(delivery.settledAt),
  attempts: delivery.attempts,
  note: delivery.note,
});
