import { DAY, formatUtc, HOUR, scoreNow, watts } from '@lefton/core';
import express, { Router } from 'express';
import { z } from 'zod';
import type { Meter, Meters } from '../meters.ts';
import type { LoadedModel, Models } from '../models.ts';
import type { Clock } from '../ports.ts';
import { instantField, meterField, utc } from '../fields.ts';
import { methodNotAllowed, Problem } from './problem.ts';

const LONGEST_RANGE = 62 * DAY;

const ofMeter = z.strictObject({ meter: meterField.optional() });
const range = z.strictObject({
  meter: meterField.optional(),
  from: instantField.optional(),
  to: instantField.optional(),
});
const power = z.number().min(-1e9).max(1e9);
const scored = z.union(
  [
    z.strictObject({ meter: meterField.optional(), hour: z.int().min(0).max(23), watts: power }),
    z.strictObject({ meter: meterField.optional(), at: instantField, watts: power }),
  ],
  { error: 'expected {"hour": 0..23, "watts": W} or {"at": instant, "watts": W}, and perhaps "meter"' },
);

/** What the routes of meters and models need. */
export interface ModelsDeps {
  readonly meters: Meters;
  readonly models: Models;
  readonly clock: Clock;
  /** Meter of queries that name none. */
  readonly meter: string;
}

/** GET /api/meters, /api/model, /api/expected, /api/score; POST /api/score. */
export function modelsRoutes({ meters, models, clock, meter: usual }: ModelsDeps): Router {
  const router = Router();
  const modelOf = (meter = usual): LoadedModel => {
    const model = models.of(meter);
    if (model === undefined) throw new Problem(404, 'No model', 'There is no model for this meter.');
    return model;
  };
  router
    .route('/api/meters')
    .get((_request, response) => {
      response.json({ meters: [...meters.all].map(meterAnswer) });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/api/model')
    .get((request, response) => {
      const { file, loadedAt, compiled } = modelOf(ofMeter.parse(request.query).meter);
      response.json({
        file,
        loaded_at: formatUtc(loadedAt),
        model: compiled.model,
        refused: models.refusals,
      });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/api/expected')
    .get((request, response) => {
      const { meter, ...asked } = range.parse(request.query);
      const { compiled } = modelOf(meter);
      const from = Math.floor((asked.from ?? clock.now() - DAY) / HOUR) * HOUR;
      const to = asked.to ?? from + 2 * DAY;
      if (from >= to || to - from > LONGEST_RANGE) {
        throw new Problem(400, 'Bad request', 'to: expected an instant after from, and at most 62 days');
      }
      const hours = Array.from({ length: Math.ceil((to - from) / HOUR) }, (_, hour) => from + hour * HOUR);
      const expected = hours.map((at) => ({ at: utc(at), ...compiled.expectedAt(at) }));
      response.json({ meter: meter ?? usual, zone: compiled.zone.name, expected });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/api/score')
    .get((request, response) => {
      const name = ofMeter.parse(request.query).meter ?? usual;
      const meter = meters.find(name);
      response.json({ meter: name, ...(meter === undefined ? NOT_HEARD : scoreAnswer(meter)) });
    })
    .post(express.json({ limit: '1kb' }), (request, response) => {
      const asked = scored.parse(request.body);
      const { compiled } = modelOf(asked.meter);
      const of = watts(asked.watts);
      response.json('hour' in asked ? compiled.scoreAtHour(asked.hour, of) : compiled.scoreAt(asked.at, of));
    })
    .all(methodNotAllowed('GET', 'POST'));
  return router;
}

const NOT_HEARD = { known: false, why: 'no reading yet' };

function scoreAnswer({ model, state }: Meter): Record<string, unknown> {
  const score = scoreNow(model.compiled, state);
  if (!score.known) return { ...score };
  const { usualWatts, at, ...rest } = score;
  return { ...rest, at: utc(at), usual_watts: usualWatts };
}

function meterAnswer(meter: Meter): Record<string, unknown> {
  const { name, model, state, heardAt } = meter;
  const instant = (at: number): string | null => (Number.isFinite(at) ? formatUtc(at) : null);
  return {
    meter: name,
    newest_at: instant(state.newestReading),
    heard_at: instant(heardAt),
    silent_since: instant(state.silentSince),
    verdict: state.verdict,
    phase: state.phase,
    model: model.file,
    score: scoreAnswer(meter),
  };
}
