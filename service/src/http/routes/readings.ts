import { DAY, formatUtc, judgeAlone, LeftOnError, MINUTE, SECOND } from '@lefton/core';
import type { Instant, QualityLimits, Reading } from '@lefton/core';
import express from 'express';
import { z } from 'zod';
import { CanonicalCsv } from '../../records/canonical-csv.ts';
import type { Clock, Topics } from '../../ports.ts';
import type { Store } from '../../store-ports.ts';
import { bad, readingOf } from '../../records/reading-format.ts';
import type { ReadingCodec } from '../../avro/reading-codec.ts';
import { rawRecord } from '../../records/raw-record.ts';
import { countField, instantField, endField, meterField, utc, utcField } from '../../settings/fields.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { json } from '../contract/operation.ts';
import { Problem } from '../problem.ts';

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
const rows = z.array(z.object({ row: z.int(), why: z.string() }));
const taken = z.object({
  accepted: z.int(),
  rejected_count: z.int(),
  rejected: rows,
  not_scored_count: z.int().describe('of those accepted: kept as they came, and left out of scoring'),
  not_scored: rows,
});

const operations = {
  list: {
    method: 'get',
    path: '/api/readings',
    summary: 'readings of a meter, thinned to points',
    query,
    answers: {
      200: json(
        z.object({
          meter: z.string(),
          from: utcField,
          to: utcField,
          column_s: z
            .number()
            .nullable()
            .describe(
              'of every so many seconds the readings are the lowest and the highest, and those at both ends of a gap; ' +
                'null: every reading is there',
            ),
          readings: z.array(z.object({ at: utcField, watts: z.number() })).describe('in order of time'),
        }),
      ),
    },
  },
  take: {
    method: 'post',
    path: '/api/readings',
    summary: 'readings to be scored',
    body: { ...postedJson, 'text/csv': postedCsv },
    answers: { 200: json(taken) },
  },
} satisfies Operations;

/** What the routes of readings need. */
interface ReadingsDeps {
  readonly topics: Topics;
  readonly codec: ReadingCodec;
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: QualityLimits;
  /** Meter of rows and queries that name none. */
  readonly meter: string;
}

/** What is wrong with a row; rows count from 1, for CSV as lines of the body. */
interface Remark {
  readonly row: number;
  readonly why: string;
}

type Remarking = (reading: Reading) => string | null;

interface Rows {
  readonly readings: Reading[];
  /** Not taken. */
  readonly rejected: Remark[];
  /** Taken, and known already not to be scored: what came before decides over the others later. */
  readonly notScored: Remark[];
}

/** POST and GET /api/readings. */
export function readingsRoutes({ topics, codec, store, clock, limits, meter }: ReadingsDeps): Endpoints {
  return endpointsOf(operations, {
    list: (request, response) => {
      const asked = query.parse(request.query);
      const to = asked.to ?? clock.now();
      const from = asked.from ?? to - DAY;
      if (from >= to) throw new Problem(400, 'Bad request', 'from: expected an instant before to');
      if (to - from > LONGEST_RANGE)
        throw new Problem(400, 'Bad request', 'from: expected at most 400 days before to');
      const range = { meter: asked.meter ?? meter, from, to, points: asked.points };
      const { points, columnMs } = store.readings(range);
      response.json({
        ...{ meter: range.meter, from: utc(from), to: utc(to) },
        column_s: columnMs === null ? null : columnMs / SECOND,
        readings: points.map(({ at, watts }) => ({ at: utc(at), watts })),
      });
    },
    take: [
      express.json({ limit: LARGEST_BODY, strict: false }),
      express.text({ limit: LARGEST_BODY, type: 'text/csv' }),
      async (request, response) => {
        const now = clock.now();
        const remark: Remarking = (reading) => remarkOn(reading, limits, now);
        const isCsv = request.is('text/csv') !== false;
        const { readings, rejected, notScored } = rowsOf(request.body, isCsv, meter, remark);
        if (readings.length > 0) await topics.produce(readings.map((reading) => rawRecord(codec, reading)));
        const answer = {
          accepted: readings.length,
          rejected_count: rejected.length,
          rejected: rejected.slice(0, TOLD_ROWS),
          not_scored_count: notScored.length,
          not_scored: notScored.slice(0, TOLD_ROWS),
        };
        if (readings.length > 0) response.json(answer);
        else throw new Problem(422, 'No good reading', rejected[0]?.why ?? '', answer);
      },
    ],
  });
}

/** Why a reading cannot be scored, as far as it shows by itself; null where it may. */
function remarkOn(reading: Reading, limits: QualityLimits, now: Instant): string | null {
  switch (judgeAlone(limits, reading, now)) {
    case 'ok':
      return null;
    case 'not_finite':
      return 'not_finite: expected a number of watts, and an instant that a clock can show';
    case 'out_of_bounds':
      return `out_of_bounds: watts: expected at most ${limits.mainFuseW} (main_fuse_w), found ${reading.watts}`;
    case 'future': {
      const most = `${limits.futureMs / MINUTE} min after ${formatUtc(now)}`;
      return `future: at: expected at most ${most}, found ${formatUtc(reading.at)}`;
    }
  }
}

function rowsOf(body: unknown, isCsv: boolean, meter: string, remark: Remarking): Rows {
  if (isCsv && typeof body === 'string') {
    const csv = new CanonicalCsv({ meter, source: 'http' });
    return read(body.split(/\r?\n/), (line) => csv.read(line), remark);
  }
  if (body === undefined) {
    throw new Problem(
      415,
      'Unsupported media type',
      'Send application/json, or text/csv with rows at,watts[,meter].',
    );
  }
  const rows: unknown[] = Array.isArray(body) ? body : [body];
  return read(rows, (row) => readingOf(row, { meter, source: 'http' }), remark);
}

function read<T>(rows: readonly T[], readRow: (row: T) => Reading | undefined, remark: Remarking): Rows {
  const readings: Reading[] = [];
  const rejected: Remark[] = [];
  const notScored: Remark[] = [];
  for (const [index, row] of rows.entries()) {
    try {
      const reading = readRow(row);
      if (reading === undefined) continue;
      readings.push(reading);
      const why = remark(reading);
      if (why !== null) notScored.push({ row: index + 1, why });
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      rejected.push({ row: index + 1, why: error.message });
    }
  }
  const count = readings.length + rejected.length;
  if (count > MOST_ROWS) throw new Problem(413, 'Too large', `At most ${MOST_ROWS} rows at a time.`);
  if (count === 0) throw bad('body', 'at least one reading', 'none');
  return { readings, rejected, notScored };
}
