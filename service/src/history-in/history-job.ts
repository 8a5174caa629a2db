import { z } from 'zod';
import { refitRecord } from '../refit/refit-record.ts';
import { historyChoices } from './history-choices.ts';

const STATES = [
  'receiving',
  'reading',
  'asking',
  'read',
  'storing',
  'fitting',
  'choosing',
  'starting',
  'done',
  'failed',
  'cancelled',
  'taking_out',
  'taken_out',
] as const;
const ENDED: readonly string[] = ['done', 'failed', 'cancelled', 'taken_out'];

const report = z.object({
  format: z.string(),
  unit: z.string(),
  zone: z.string(),
  rows: z.int(),
  readings: z.int(),
  duplicates: z.int(),
  gaps: z.int(),
  rejected: z.array(
    z.object({
      line: z.int(),
      why: z.string(),
      file: z.string().optional().describe('of several that are read as one'),
      file_line: z.int().optional(),
    }),
  ),
  rejected_count: z.int(),
  first: z.string().nullable(),
  last: z.string().nullable(),
  notes: z.array(z.string()),
});

/** An export on its way in, as people see it. */
export const historyJob = z.object({
  id: z.int(),
  state: z.enum(STATES),
  name: z.string(),
  size: z.int(),
  received: z.int(),
  stage: z.enum(['reading', 'loading', 'fitting', 'measuring', 'storing']).nullable(),
  share: z.number().nullable().describe('done of what the state says, 0..1, rising; null: not known'),
  choices: historyChoices,
  question: z.enum(['zone', 'unit', 'day_first', 'entity', 'file_meter']).nullable(),
  asked_of: z.array(z.string()).describe('what the question has to choose from; empty: no list'),
  problem: z.string().nullable(),
  report: report.nullable(),
  stored: z
    .object({
      added: z.int(),
      known: z.int().describe('of a time that has readings here already'),
      too_old: z.int().describe('older than what is kept'),
      unusable: z.int().describe('later than now, or more than the main fuse lets through'),
    })
    .nullable(),
  model: z
    .object({
      file: z.string(),
      mode: z.enum(['learning', 'ready']),
      why: z.string().nullable(),
      days: z.number(),
      alerts_per_30_days: z.number().nullable(),
    })
    .nullable(),
  in_use: z.object({ file: z.string(), kind: z.enum(['min-max', 'left-on']) }).nullable(),
  record: refitRecord.nullable().describe('how the new model stood against the one in use'),
  used: z.boolean().nullable(),
  taken_out: z
    .object({
      readings: z.int(),
      model: z
        .enum(['before', 'gone', 'kept'])
        .nullable()
        .describe(
          'before: in use again; gone: there was none; kept: another was fitted since, and has learned of it',
        ),
    })
    .nullable(),
});

export type HistoryJob = z.infer<typeof historyJob>;

export const hasEnded = ({ state }: Pick<HistoryJob, 'state'>): boolean => ENDED.includes(state);

export const newJob = (id: number, name: string, size: number): HistoryJob => ({
  ...{ id, state: 'receiving', name, size, received: 0, stage: null, share: 0, choices: {}, question: null },
  ...{
    asked_of: [],
    problem: null,
    report: null,
    stored: null,
    model: null,
    in_use: null,
    record: null,
    used: null,
  },
  taken_out: null,
});
