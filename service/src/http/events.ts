import { Router } from 'express';
import type { Response } from 'express';
import { once } from 'node:events';
import { setInterval } from 'node:timers';
import { z } from 'zod';
import type { TopicRecord, Topics } from '../ports.ts';
import type { Operation } from './operation.ts';
import { methodNotAllowed, Problem } from './problem.ts';

const HEARTBEAT_MS = 15_000;
/** A client that reads nothing for this long is cut off; it resumes with Last-Event-ID. */
const PATIENCE_MS = 30_000;
const MOST_CLIENTS = 50;

const place = z
  .string()
  .regex(/^\d{1,15}$/, 'expected the id of an event')
  .meta({ examples: ['0'] })
  .optional();
const query = z.strictObject({ after: place });
const FRAMES =
  'Each frame has an id to go on after, the event "anomaly", and as data JSON of {v, type: opened | still_on | closed | ' +
  'meter_silent | meter_back, episode, meter, at, hour, day, watts, usual_watts, score, since, until?, longest_s?, ' +
  'excess_wh, cost?, why}.';

export const eventsOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/events',
    summary: 'anomaly events as they happen (server-sent events)',
    query,
    headers: z.object({ 'Last-Event-ID': place }),
    answers: { 200: { 'text/event-stream': { schema: z.string().describe(FRAMES) } } },
  },
];

/** GET /api/events: anomaly_power as server-sent events; `id:` is the position, `Last-Event-ID` or ?after= resumes. */
export function eventsRoutes(topics: Topics, stopping: AbortSignal): Router {
  const router = Router();
  let clients = 0;
  router
    .route('/api/events')
    .get(async (request, response) => {
      const { after } = query.parse(request.query);
      const resumed = place.parse(request.get('last-event-id')) ?? after;
      if (clients >= MOST_CLIENTS)
        throw new Problem(429, 'Too many listeners', `At most ${MOST_CLIENTS} at a time.`);
      clients++;
      const gone = new AbortController();
      response.on('close', () => {
        gone.abort();
      });
      try {
        await tell(topics, resumed, response, AbortSignal.any([gone.signal, stopping]));
      } finally {
        clients--;
        response.end();
      }
    })
    .all(methodNotAllowed('GET'));
  return router;
}

async function tell(
  topics: Topics,
  after: string | undefined,
  response: Response,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  response.write('retry: 2000\n\n');
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': still here\n\n');
  }, HEARTBEAT_MS);
  try {
    for await (const records of topics.follow('anomaly_power', after, signal)) {
      if (!response.write(records.map(frameOf).join(''))) await drained(response, signal);
    }
  } finally {
    clearInterval(heartbeat);
  }
}

/** No more is read from the topic than the client takes, so what waits for it is bounded. */
async function drained(response: Response, signal: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
  } catch {
    response.destroy();
  }
}

const frameOf = ({ position, value }: TopicRecord): string =>
  `id: ${position}\nevent: anomaly\ndata: ${Buffer.from(value).toString('utf8')}\n\n`;
