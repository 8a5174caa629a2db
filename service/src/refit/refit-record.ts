import { formatUtc } from '@lefton/core';
import type { Challenge, Figures, Instant } from '@lefton/core';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { refitsOf } from '../models/model-paths.ts';
import { writeWhole } from '../models/whole-file.ts';

const figures = z.object({
  recall: z.number().nullable(),
  recall_within_hour: z.number().nullable(),
  false_alarms: z.number(),
  false_alarms_per_30_days: z.number(),
  covered: z.number().nullable(),
});

/** One decision of a refit, as it is kept, printed and answered. Shares are 0..1. */
export const refitRecord = z.object({
  at: z.string().meta({ format: 'date-time' }),
  meter: z.string(),
  promoted: z.boolean(),
  mode: z.enum(['learning', 'ready']),
  why: z.string(),
  days: z.number(),
  held_out_days: z.number(),
  left_on: z.number(),
  not_learned: z.number(),
  champion: figures.nullable(),
  challenger: figures.nullable(),
});

export type RefitRecord = z.infer<typeof refitRecord>;

/** Two years of weeks. */
const KEPT = 104;

export function recordOf(result: Challenge, meter: string, at: Instant): RefitRecord {
  return {
    at: formatUtc(at),
    meter,
    promoted: result.promoted,
    mode: result.model.mode,
    why: result.why,
    days: result.model.provenance.days,
    held_out_days: result.heldOutDays,
    left_on: result.windows,
    not_learned: result.notLearned,
    champion: figuresOf(result.champion),
    challenger: figuresOf(result.challenger),
  };
}

/** The decisions on a model file, oldest first. Lines that are none are passed over. */
export function readRefits(model: string): RefitRecord[] {
  let text: string;
  try {
    text = readFileSync(refitsOf(model), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      return [refitRecord.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

export function keepRefit(model: string, record: RefitRecord): void {
  const kept = [...readRefits(model), record].slice(-KEPT);
  writeWhole(refitsOf(model), kept.map((each) => `${JSON.stringify(each)}\n`).join(''));
}

const figuresOf = (of: Figures | null): RefitRecord['champion'] =>
  of === null
    ? null
    : {
        recall: of.recall,
        recall_within_hour: of.recallWithinHour,
        false_alarms: of.falseAlarms,
        false_alarms_per_30_days: of.falseAlarmsPer30Days,
        covered: of.covered,
      };
