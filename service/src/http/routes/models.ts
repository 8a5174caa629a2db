import { DAY, formatUtc, watts } from '@lefton/core';
import express from 'express';
import { z } from 'zod';
import type { Meters } from '../../meters/meters.ts';
import type { LoadedModel, ModelsInUse } from '../../models/models.ts';
import type { Clock } from '../../ports.ts';
import { readRefits, refitRecord } from '../../refit/refit-record.ts';
import { instantField, endField, meterField, utc, utcField } from '../../settings/fields.ts';
import { firstOf, MOST_TOLD } from '../page/meter-states.ts';
import { known, meterAnswer, meterShape, NOT_HEARD, scoreAnswer, unknown } from '../page/meter-answer.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { json } from '../contract/operation.ts';
import { Problem } from '../problem.ts';

const LONGEST_RANGE = 62 * DAY;

const ofMeter = z.strictObject({ meter: meterField.optional() });
const ofMeters = z.strictObject({ meter: meterField.optional().describe('this one alone') });
const range = z.strictObject({
  meter: meterField.optional(),
  from: instantField.optional(),
  to: endField.optional(),
});
const power = z.number().min(-1e9).max(1e9);
const scored = z
  .union(
    [
      z.strictObject({ meter: meterField.optional(), hour: z.int().min(0).max(23), watts: power }),
      z.strictObject({ meter: meterField.optional(), at: instantField, watts: power }),
    ],
    { error: 'expected {"hour": 0..23, "watts": W} or {"at": instant, "watts": W}, and perhaps "meter"' },
  )
  .meta({
    examples: [
      { hour: 4, watts: 1500 },
      { at: '2026-01-05T04:00:00Z', watts: 1500, meter: 'home' },
    ],
  });

/** A model file that is not in use. */
export const refusalAnswer = z.object({ file: z.string(), why: z.string() });
const score = z.union([z.object({ known: z.literal(true), score: z.number() }), unknown]);
const stretch = { at: utcField, until: utcField };
const expectedHour = z.union([
  z.object({ ...stretch, known: z.literal(true), low: z.number(), usual: z.number(), high: z.number() }),
  unknown.extend(stretch),
]);
const ofAMeter = { meter: z.string() };

const operations = {
  meters: {
    method: 'get',
    path: '/api/meters',
    summary: 'meters heard of, and how each stands',
    query: ofMeters,
    answers: {
      200: json(
        z.object({
          meter_count: z.int().describe('how many there are in all'),
          meters: z.array(meterShape).describe(`at most ${MOST_TOLD}`),
        }),
      ),
    },
  },
  model: {
    method: 'get',
    path: '/api/model',
    summary: 'the model of a meter',
    query: ofMeter,
    answers: {
      200: json(
        z.object({
          file: z.string(),
          loaded_at: utcField,
          model: z.looseObject({ kind: z.enum(['min-max', 'left-on']), zone: z.string() }),
          refused: z.array(refusalAnswer),
          refit: refitRecord.nullable(),
        }),
      ),
    },
  },
  expected: {
    method: 'get',
    path: '/api/expected',
    summary: 'the expected range of each hour of the local clock',
    query: range,
    answers: {
      200: json(z.object({ meter: z.string(), zone: z.string(), expected: z.array(expectedHour) })),
    },
  },
  standing: {
    method: 'get',
    path: '/api/score',
    summary: 'where a meter stands now',
    query: ofMeter,
    answers: { 200: json(z.union([known.extend(ofAMeter), unknown.extend(ofAMeter)])) },
  },
  score: {
    method: 'post',
    path: '/api/score',
    summary: 'where one power stands at an hour or instant',
    body: json(scored, { hour: 4, watts: 1500 }, { at: '2026-01-05T04:00:00Z', watts: 1500, meter: 'home' }),
    answers: { 200: json(score) },
  },
} satisfies Operations;

/** What the routes of meters and models need. */
interface ModelsDeps {
  readonly meters: Meters;
  readonly models: ModelsInUse;
  readonly clock: Clock;
  /** Meter of queries that name none. */
  readonly meter: string;
}

/** GET /api/meters, /api/model, /api/expected, /api/score; POST /api/score. */
export function modelsRoutes({ meters, models, clock, meter: usual }: ModelsDeps): Endpoints {
  const modelOf = (meter = usual): LoadedModel => {
    const model = models.of(meter);
    if (model === undefined) throw new Problem(404, 'No model', 'There is no model for this meter.');
    return model;
  };
  return endpointsOf(operations, {
    meters: (request, response) => {
      const { meter: name } = ofMeters.parse(request.query);
      const asked = name === undefined ? firstOf(meters) : [meters.find(name) ?? []].flat();
      response.json({ meter_count: meters.size, meters: asked.map((meter) => meterAnswer(meter)) });
    },
    model: (request, response) => {
      const { file, loadedAt, compiled } = modelOf(ofMeter.parse(request.query).meter);
      response.json({
        file,
        loaded_at: formatUtc(loadedAt),
        model: compiled.toModel(),
        refused: models.refusals,
        refit: readRefits(file).at(-1) ?? null,
      });
    },
    expected: (request, response) => {
      const { meter, ...asked } = range.parse(request.query);
      const { compiled } = modelOf(meter);
      const from = asked.from ?? clock.now() - DAY;
      const to = asked.to ?? from + 2 * DAY;
      if (from >= to || to - from > LONGEST_RANGE) {
        throw new Problem(400, 'Bad request', 'to: expected an instant after from, and at most 62 days');
      }
      const expected = compiled.zone
        .hoursIn(from, to)
        .map((hour) => ({ at: utc(hour.from), until: utc(hour.to), ...compiled.expectedAt(hour.from) }));
      response.json({ meter: meter ?? usual, zone: compiled.zone.name, expected });
    },
    standing: (request, response) => {
      const name = ofMeter.parse(request.query).meter ?? usual;
      const meter = meters.find(name);
      response.json({
        meter: name,
        ...(meter === undefined ? NOT_HEARD : scoreAnswer(meter.state, meter.model.compiled)),
      });
    },
    score: [
      express.json({ limit: '1kb' }),
      (request, response) => {
        const asked = scored.parse(request.body);
        const { compiled } = modelOf(asked.meter);
        const of = watts(asked.watts);
        response.json(
          'hour' in asked ? compiled.scoreAtHour(asked.hour, of) : compiled.scoreAt(asked.at, of),
        );
      },
    ],
  });
}
