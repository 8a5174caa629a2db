import { LeftOnError } from '@lefton/core';
import { formatNames } from '@lefton/history/format-names';
import express from 'express';
import type { Response } from 'express';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { historyChoices } from '../../history-in/history-choices.ts';
import { MOST_BYTES } from '../../history-in/history-in.ts';
import { hasEnded, historyJob } from '../../history-in/history-job.ts';
import type { HistoryIn } from '../../history-in/history-in.ts';
import type { Jobs } from '../../runtime/jobs.ts';
import { frameOf, streamAnswers } from '../page/event-streams.ts';
import type { EventStreams } from '../page/event-streams.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { json } from '../contract/operation.ts';
import { Problem } from '../problem.ts';

const BYTES = 'application/octet-stream';
const start = z.strictObject({
  name: z.string().min(1).max(255),
  size: z.int().min(1).describe('bytes of the file'),
  choices: historyChoices.optional(),
});
const part = z.strictObject({
  at: z.coerce.number<string>().int().min(0).default(0).describe('first byte of this part'),
});
const nothing = z.strictObject({});
const view = z.object({
  job: historyJob.nullable().describe('the export on its way, or the last one'),
  formats: z.array(z.string()),
  most_bytes: z.int(),
  note: z.string().nullable(),
  last: z
    .object({ name: z.string(), meter: z.string(), readings: z.int() })
    .nullable()
    .describe('what was taken in last, and can be taken out again'),
});
type View = z.input<typeof view>;
const answers = { 200: json(view) };
/** Frames are at least so far apart. */
const PACE_MS = 100;
const FRAMES =
  'The event "history" has what GET /api/history answers, as often as it changes, until the export is in or given up.';

const operations = {
  view: { method: 'get', path: '/api/history', summary: 'how far an export is on its way in', answers },
  follow: {
    method: 'get',
    path: '/api/history/events',
    summary: 'the same as it changes (server-sent events)',
    answers: streamAnswers(FRAMES),
  },
  start: {
    method: 'post',
    path: '/api/history',
    summary: 'take an export in as the past of a meter: say what comes, then send its bytes',
    body: json(start, { name: 'export.csv', size: 38 }),
    answers,
  },
  take: {
    method: 'post',
    path: '/api/history/bytes',
    summary:
      'the bytes of the export, in parts that each arrive within 30 seconds; what is here already may come again',
    query: part,
    body: { [BYTES]: { schema: z.string(), examples: ['at,watts\n2026-01-05T08:02:00.000Z,150\n'] } },
    answers,
  },
  choose: {
    method: 'post',
    path: '/api/history/choices',
    summary: 'what the file leaves open, whether to take it, and whether to use the model that comes of it',
    body: json(historyChoices, { zone: 'Europe/Paris' }),
    answers,
  },
  cancel: {
    method: 'post',
    path: '/api/history/cancel',
    summary: 'end it; readings that are stored stay, and can be taken out',
    body: json(nothing, {}),
    answers,
  },
  undo: {
    method: 'post',
    path: '/api/history/undo',
    summary: 'take out what was taken in last: its readings, and the model that came of it',
    body: json(nothing, {}),
    answers,
  },
} satisfies Operations;

/** What was done at a bad moment, rather than wrong in itself. */
const CONFLICTS: readonly string[] = [
  'history_busy',
  'no_history_job',
  'upload_gap',
  'upload_busy',
  'replayed',
];

/** GET and POST /api/history, GET /api/history/events, POST /api/history/bytes, /choices, /cancel, /undo. */
export function historyRoutes(jobs: Jobs, streams: EventStreams): Endpoints {
  const { historyIn, nothingKept } = jobs;
  const parse = express.json({ limit: '8kb' });
  const viewNow = (): View => viewOf(jobs);
  const answer = (response: Response): void => {
    response.json(viewNow());
  };
  return endpointsOf(operations, {
    view: (_request, response) => {
      answer(response);
    },
    follow: async (_request, response) => {
      await streams.answer(response, (signal) => told(historyIn, viewNow, signal));
    },
    start: [
      parse,
      (request, response) => {
        const { name, size, choices = {} } = start.parse(request.body);
        if (nothingKept !== undefined) throw new Problem(409, 'Nothing kept', nothingKept);
        attempt(() => {
          historyIn.start(name, size, choices);
        });
        answer(response);
      },
    ],
    take: async (request, response) => {
      const { at } = part.parse(request.query);
      if (request.is(BYTES) === false) throw new Problem(415, 'Unsupported media type', `Send ${BYTES}.`);
      await historyIn.take(request, at).catch(rethrow);
      answer(response);
    },
    choose: [
      parse,
      (request, response) => {
        const choices = historyChoices.parse(request.body);
        attempt(() => {
          historyIn.choose(choices);
        });
        answer(response);
      },
    ],
    cancel: [
      parse,
      (request, response) => {
        nothing.parse(request.body);
        historyIn.cancel();
        answer(response);
      },
    ],
    undo: [
      parse,
      (request, response) => {
        nothing.parse(request.body);
        attempt(() => {
          historyIn.takeOut();
        });
        answer(response);
      },
    ],
  });
}

function viewOf({ historyIn: { job, last }, nothingKept, note }: Jobs): View {
  return {
    job,
    formats: [...formatNames],
    most_bytes: MOST_BYTES,
    note: nothingKept ?? note,
    last: last === null ? null : { name: last.name, meter: last.meter, readings: last.readings },
  };
}

async function* told(historyIn: HistoryIn, viewNow: () => View, signal: AbortSignal): AsyncGenerator<string> {
  for (;;) {
    const changed = historyIn.changed.next(signal);
    const { job } = viewNow();
    yield frameOf(String(job?.id ?? 0), 'history', JSON.stringify(viewNow()));
    if (job === null || hasEnded(job) || signal.aborted) return;
    await changed;
    await setTimeout(PACE_MS, undefined, { signal }).catch(() => undefined);
  }
}

function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    rethrow(error);
  }
}

function rethrow(error: unknown): never {
  if (!(error instanceof LeftOnError)) throw error;
  const { code, place, message } = error;
  if (CONFLICTS.includes(code)) throw new Problem(409, 'Not now', message, { code, place });
  if (code === 'too_large') throw new Problem(413, 'Too large', message, { code, place });
  throw error;
}
