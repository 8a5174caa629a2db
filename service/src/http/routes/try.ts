import { alertingFrom, formatUtc, LeftOnError } from '@lefton/core';
import express from 'express';
import { z } from 'zod';
import { meterField, utc, utcField } from '../../settings/fields.ts';
import type { Jobs } from '../../runtime/jobs.ts';
import type { LoadedModel, ModelsInUse } from '../../models/models.ts';
import { refitLine } from '../../refit/refit-line.ts';
import type { Tried, TryTask } from '../../tries/try-task.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { BYTES } from '../page/event-streams.ts';
import { Problem, problemAnswer } from '../problem.ts';

const LINES = 'application/x-ndjson';
const question = z.strictObject({
  meter: meterField.optional(),
  alert_at: z
    .number()
    .min(0.5)
    .max(5)
    .optional()
    .describe('score to tell from; the present one where not given'),
  false_alarms_per_month: z
    .number()
    .min(0.05)
    .max(60)
    .nullable()
    .default(null)
    .describe('another budget than that of the model in use'),
});
const watts = z.number().nullable();
const episode = z.object({
  episode: z.string(),
  since: utcField,
  opened_at: utcField,
  until: utcField.nullable(),
  watts,
  usual_watts: watts,
  excess_wh: z.number(),
  cost: z.number().nullable(),
  why: z.string(),
});
const tried = z.object({
  meter: z.string(),
  zone: z.string(),
  alert_at: z.number(),
  false_alarms_per_month: z.number().nullable(),
  from: utcField,
  until: utcField,
  days: z.number().describe('of which power is known'),
  readings: z.int(),
  count: z.int(),
  per_30_days: z.number().nullable(),
  months: z.array(
    z.object({
      month: z.string(),
      days: z.number().describe('of the calendar that were tried, gaps among them'),
      episodes: z.int(),
    }),
  ),
  silences: z.int(),
  episodes: z.array(episode).describe('oldest first; of very many the newest 500'),
  fitted: z.enum(['in_use', 'anew']),
  mode: z.enum(['learning', 'ready']).nullable(),
  flattered: z.boolean().describe('what decided has learned from some of these days'),
  read_at: utcField,
  keep: z
    .object({ setting: z.string().nullable(), command: z.string().nullable() })
    .describe('how to have it so from now on; null where it is so'),
});
const line = z.union([
  z.object({ stage: z.enum(['reading', 'fitting', 'trying']), share: z.number() }),
  z.object({ tried }),
  z.object({ problem: z.looseObject({ title: z.string(), status: z.int(), detail: z.string() }) }),
]);

const operations = {
  ask: {
    method: 'post',
    path: '/api/try',
    summary:
      'what other settings would have told in the last 90 days, as lines of JSON: how far it is, then what came of it',
    body: {
      'application/json': {
        schema: question,
        examples: [{ alert_at: 1.2 }, { meter: 'home', false_alarms_per_month: 2 }],
      },
    },
    answers: { 200: { [LINES]: { schema: line }, [BYTES]: { schema: line } } },
  },
} satisfies Operations;

/** POST /api/try. @param usual meter of questions that name none */
export function tryRoutes(
  { models, meter: usual }: { readonly models: ModelsInUse; readonly meter: string },
  { tries, policy, past, nothingKept }: Jobs,
): Endpoints {
  return endpointsOf(operations, {
    ask: [
      express.json({ limit: '1kb' }),
      async (request, response) => {
        const { meter = usual, alert_at = policy.openAt, ...asked } = question.parse(request.body);
        if (nothingKept !== undefined) throw new Problem(409, 'Nothing kept', nothingKept);
        const model = models.of(meter);
        if (model === undefined) throw new Problem(404, 'No model', 'There is no model for this meter.');
        const budget = asked.false_alarms_per_month;
        const task: TryTask = {
          ...past(),
          ...{ meter, budget, model: model.compiled.toModel(), policy: alertingFrom(policy, alert_at) },
        };
        const gone = new AbortController();
        response.on('close', () => {
          gone.abort();
        });
        const say = (of: z.input<typeof line>): void => {
          if (!response.headersSent) response.type(request.accepts(LINES, BYTES) === BYTES ? BYTES : LINES);
          response.write(`${JSON.stringify(of)}\n`);
        };
        try {
          const found = await tries.ask(task, gone.signal, (stage, share) => {
            say({ stage, share: Math.round(share * 100) / 100 });
          });
          const keep = {
            setting: alert_at === policy.openAt ? null : `LEFTON_ALERT_AT=${alert_at}`,
            command: budget === null ? null : commandFor(model, task),
          };
          say({ tried: { meter, alert_at, false_alarms_per_month: budget, ...answerOf(found), keep } });
        } catch (error) {
          if (!(error instanceof LeftOnError)) throw error;
          const known =
            error.code === 'overtaken' ? new Problem(409, 'Overtaken', 'A newer question was asked.') : error;
          if (!response.headersSent) throw known;
          say({ problem: problemAnswer(known) });
        }
        response.end();
      },
    ],
  });
}

/** A model that learns keeps its budget in its file; a table of a person's has none. */
function commandFor(loaded: LoadedModel, { db, meter, budget }: TryTask): string | null {
  const model = loaded.compiled.toModel();
  if (model.kind === 'left-on' && model.false_alarms_per_month === budget) return null;
  const refit = refitLine(loaded, meter, { db, readings: true });
  return refit === null ? null : `${refit} --false-alarms-per-month ${budget}`;
}

function answerOf(
  found: Tried,
): Omit<z.input<typeof tried>, 'meter' | 'alert_at' | 'false_alarms_per_month' | 'keep'> {
  const { from, until, days, readings, zone, count, months, silences, fitted, mode, flattered, readAt } =
    found;
  return {
    ...{ zone, readings, count, months: [...months], silences, fitted, mode, flattered },
    from: formatUtc(from),
    until: formatUtc(until),
    days: Math.round(days * 100) / 100,
    // a rate of less than a day says nothing
    per_30_days: days >= 1 ? Math.round((count / days) * 3000) / 100 : null,
    read_at: formatUtc(readAt),
    episodes: found.episodes.map((each) => ({
      episode: each.episode,
      since: formatUtc(each.since),
      opened_at: formatUtc(each.openedAt),
      until: utc(each.until),
      watts: whole(each.watts),
      usual_watts: whole(each.usualWatts),
      excess_wh: Math.round(each.excessWh),
      cost: each.cost === null ? null : Math.round(each.cost * 100) / 100,
      why: each.why,
    })),
  };
}

const whole = (value: number | null): number | null => (value === null ? null : Math.round(value));
