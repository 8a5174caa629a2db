import { Router } from 'express';
import type { Response } from 'express';
import { once } from 'node:events';
import { setInterval } from 'node:timers';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { meterField } from '../fields.ts';
import type { Committed } from '../ports.ts';
import type { Operation } from './operation.ts';
import { methodNotAllowed, Problem } from './problem.ts';
import { stateOf } from './state.ts';
import type { StateDeps } from './state.ts';

/** Also a sign of life, and how a silence shows. */
const STATE_MS = 5_000;
/** Frames of one client are at least so far apart; what comes between is in the next one. */
const PACE_MS = 100;
/** A client that reads nothing for this long is cut off; it resumes with Last-Event-ID. */
const PATIENCE_MS = 30_000;
const MOST_CLIENTS = 250;
/** Whoever missed more gets the lowest and highest of each stretch. */
const MOST_POINTS = 4_000;

const place = z
  .string()
  .regex(/^\d{1,15}$/, 'expected the id of an event')
  .meta({ examples: ['0'] })
  .optional();
const query = z.strictObject({ meter: meterField.optional(), after: place });
const FRAMES =
  'The event "state" has what /api/state answers; the event "readings" {meter, readings: [[at, watts], ...]}, at in ms ' +
  'since 1970 UTC. The id of a frame is the instant of the newest reading told: to go on after it.';

export const liveOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/live',
    summary: 'readings and scores of a meter as they come (server-sent events)',
    query,
    headers: z.object({ 'Last-Event-ID': place }),
    answers: { 200: { 'text/event-stream': { schema: z.string().describe(FRAMES) } } },
  },
];

/** What the live stream needs. */
export interface LiveDeps extends StateDeps {
  readonly committed: Committed;
  readonly stopping: AbortSignal;
}

/**
 * GET /api/live: a meter's readings and score as server-sent events. Nothing is queued for a client: each frame is what
 * the store has after the one before, so a slow one, and one that comes back, gets what it missed at once.
 */
export function liveRoutes(deps: LiveDeps): Router {
  const router = Router();
  let clients = 0;
  router
    .route('/api/live')
    .get(async (request, response) => {
      const { meter = deps.meter, after } = query.parse(request.query);
      const resumed = place.parse(request.get('last-event-id')) ?? after;
      if (clients >= MOST_CLIENTS)
        throw new Problem(429, 'Too many listeners', `At most ${MOST_CLIENTS} at a time.`);
      clients++;
      const gone = new AbortController();
      response.on('close', () => {
        gone.abort();
      });
      try {
        const signal = AbortSignal.any([gone.signal, deps.stopping]);
        await tell(deps, meter, resumed === undefined ? undefined : Number(resumed), response, signal);
      } finally {
        clients--;
        response.end();
      }
    })
    .all(methodNotAllowed('GET'));
  return router;
}

async function tell(
  deps: LiveDeps,
  meter: string,
  resumed: number | undefined,
  response: Response,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  response.write('retry: 1000\n\n');
  const newest = (): number => deps.meters.find(meter)?.state.newestReading ?? NaN;
  let after = resumed ?? (Number.isNaN(newest()) ? 0 : newest());
  const state = (): string => frameOf('state', after, stateOf(deps));
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(state());
  }, STATE_MS);
  try {
    while (!signal.aborted) {
      // asked for before the look, so that what is committed while the client takes its time is not missed
      const more = deps.committed.next(signal);
      let frames = '';
      if (newest() > after) {
        const range = { meter, from: after + 1, to: newest() + 1, points: MOST_POINTS };
        const readings = deps.store.readings(range).map(({ at, watts }) => [at, watts]);
        after = newest();
        frames = frameOf('readings', after, { meter, readings });
      }
      if (!response.write(frames + state())) await drained(response, signal);
      await more;
      await setTimeout(PACE_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    clearInterval(heartbeat);
  }
}

async function drained(response: Response, signal: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
  } catch {
    response.destroy();
  }
}

const frameOf = (event: string, id: number, data: unknown): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
