import { DAY, LeftOnError } from '@lefton/core';
import type { Reading } from '@lefton/core';
import express, { Router } from 'express';
import { z } from 'zod';
import { CanonicalCsv } from '../canonical-csv.ts';
import type { Clock, Store, Topics } from '../ports.ts';
import { bad, readingOf } from '../reading-format.ts';
import { rawRecord } from '../raw-record.ts';
import { countField, instantField, endField, meterField, utc, utcField } from '../fields.ts';
import { json } from './operation.ts';
import type { Operation } from './operation.ts';
import { methodNotAllowed, Problem } from './problem.ts';

const MOST_ROWS = 10_000;
const LARGEST_BODY = '1mb';
const TOLD_ROWS = 100;
const LONGEST_RANGE = 400 * DAY;

const query = z.strictObject({
  meter: meterField.optional(),
  from: instantField.optional(),
  to: endField.optional(),
  points: countField(5_000, 1_000),
});

/** As readingOf takes it. */
const postedReading = z.strictObject({
  at: z.union([instantField, z.int()]),
  watts: z.number(),
  meter: meterField.optional(),
  energy_wh: z.number().nullable().optional(),
  source: z.string().max(128).optional(),
});
const posted = z.union([postedReading, z.array(postedReading).min(1).max(MOST_ROWS)]);
const postedJson = json(posted, { at: '2026-01-05T08:00:00Z', watts: 150 }, [
  { at: '2026-01-05T09:01:00+01:00', watts: 151.5, meter: 'home', energy_wh: 12_345.6, source: 'p1' },
]);
const postedCsv = { schema: z.string(), examples: ['at,watts\n2026-01-05T08:02:00Z,150\n'] };
const taken = z.object({
  accepted: z.int(),
  rejected_count: z.int(),
  rejected: z.array(z.object({ row: z.int(), why: z.string() })),
});

export const readingsOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/readings',
    summary: 'readings of a meter, thinned',
    query,
    answers: {
      200: json(
        z.object({
          meter: z.string(),
          from: utcField,
          to: utcField,
          readings: z.array(z.object({ at: utcField, watts: z.number() })),
        }),
      ),
    },
  },
  {
    method: 'post',
    path: '/api/readings',
    summary: 'readings to be scored',
    body: { ...postedJson, 'text/csv': postedCsv },
    answers: { 200: json(taken) },
  },
];

/** What the routes of readings need. */
export interface ReadingsDeps {
  readonly topics: Topics;
  readonly store: Store;
  readonly clock: Clock;
  /** Meter of rows and queries that name none. */
  readonly meter: string;
}

/** A row that was not taken; rows count from 1, for CSV as lines of the body. */
interface Rejected {
  readonly row: number;
  readonly why: string;
}

interface Rows {
  readonly readings: Reading[];
  readonly rejected: Rejected[];
}

/** POST and GET /api/readings. */
export function readingsRoutes({ topics, store, clock, meter }: ReadingsDeps): Router {
  const router = Router();
  router
    .route('/api/readings')
    .get((request, response) => {
      const asked = query.parse(request.query);
      const to = asked.to ?? clock.now();
      const from = asked.from ?? to - DAY;
      if (from >= to) throw new Problem(400, 'Bad request', 'from: expected an instant before to');
      if (to - from > LONGEST_RANGE)
        throw new Problem(400, 'Bad request', 'from: expected at most 400 days before to');
      const range = { meter: asked.meter ?? meter, from, to, points: asked.points };
      const readings = store.readings(range).map(({ at, watts }) => ({ at: utc(at), watts }));
      response.json({ meter: range.meter, from: utc(from), to: utc(to), readings });
    })
    .post(
      express.json({ limit: LARGEST_BODY, strict: false }),
      express.text({ limit: LARGEST_BODY, type: 'text/csv' }),
      async (request, response) => {
        const { readings, rejected } = rowsOf(request.body, request.is('text/csv') !== false, meter);
        if (readings.length > 0) await topics.produce(readings.map(rawRecord));
        const answer = {
          accepted: readings.length,
          rejected_count: rejected.length,
          rejected: rejected.slice(0, TOLD_ROWS),
        };
        if (readings.length > 0) response.json(answer);
        else throw new Problem(422, 'No good reading', rejected[0]?.why ?? '', answer);
      },
    )
    .all(methodNotAllowed('GET', 'POST'));
  return router;
}

function rowsOf(body: unknown, isCsv: boolean, meter: string): Rows {
  if (isCsv && typeof body === 'string') {
    const csv = new CanonicalCsv({ meter, source: 'http' });
    return read(body.split(/\r?\n/), (line) => csv.read(line));
  }
  if (body === undefined) {
    throw new Problem(
      415,
      'Unsupported media type',
      'Send application/json, or text/csv with rows at,watts[,meter].',
    );
  }
  const rows: unknown[] = Array.isArray(body) ? body : [body];
  return read(rows, (row) => readingOf(row, { meter, source: 'http' }));
}

function read<T>(rows: readonly T[], readRow: (row: T) => Reading | undefined): Rows {
  const readings: Reading[] = [];
  const rejected: Rejected[] = [];
  for (const [index, row] of rows.entries()) {
    try {
      const reading = readRow(row);
      if (reading !== undefined) readings.push(reading);
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      rejected.push({ row: index + 1, why: error.message });
    }
  }
  const count = readings.length + rejected.length;
  if (count > MOST_ROWS) throw new Problem(413, 'Too large', `At most ${MOST_ROWS} rows at a time.`);
  if (count === 0) throw bad('body', 'at least one reading', 'none');
  return { readings, rejected };
}
