import { z } from 'zod';
import type { TopicRecord, Topics } from '../../ports.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { frameOf, framePlace, streamAnswers } from '../page/event-streams.ts';
import type { EventStreams } from '../page/event-streams.ts';

const query = z.strictObject({ after: framePlace });
const FRAMES =
  'Each frame has an id to go on after, the event "anomaly", and as data JSON of {v, type: opened | still_on | closed | ' +
  'meter_silent | meter_back, episode, meter, at, hour, day, watts, usual_watts, score, since, until?, longest_s?, ' +
  'mean_watts?, excess_wh, cost?, why}.';

const operations = {
  follow: {
    method: 'get',
    path: '/api/events',
    summary: 'anomaly events as they happen (server-sent events)',
    query,
    headers: z.object({ 'Last-Event-ID': framePlace }),
    answers: streamAnswers(FRAMES),
  },
} satisfies Operations;

/** GET /api/events: anomaly_power as server-sent events; `id:` is the position, `Last-Event-ID` or ?after= resumes. */
export function eventsRoutes(topics: Topics, streams: EventStreams): Endpoints {
  return endpointsOf(operations, {
    follow: async (request, response) => {
      const { after } = query.parse(request.query);
      const resumed = framePlace.parse(request.get('last-event-id')) ?? after;
      await streams.answer(response, (signal) => told(topics, resumed, signal));
    },
  });
}

async function* told(topics: Topics, after: string | undefined, signal: AbortSignal): AsyncGenerator<string> {
  for await (const records of topics.follow('anomaly_power', after, signal))
    yield records.map(anomalyFrame).join('');
}

const anomalyFrame = ({ position, value }: TopicRecord): string =>
  frameOf(position, 'anomaly', Buffer.from(value).toString('utf8'));
