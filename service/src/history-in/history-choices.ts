import type { LeftOnError } from '@lefton/core';
import { formatNames } from '@lefton/history/format-names';
import type { ImportOptions } from '@lefton/history';
import { z } from 'zod';
import { meterField } from '../settings/fields.ts';

const shortText = z.string().min(1).max(200);

/** What a person says of an export, and wants of it. */
export const historyChoices = z.strictObject({
  meter: meterField.describe('whose history it is').optional(),
  zone: shortText.describe('IANA zone of the home, and of local times in the file').optional(),
  format: z.enum(formatNames).optional(),
  labels: z.enum(['start', 'end']).describe('what a row names of its interval').optional(),
  unit: z.enum(['W', 'kW', 'Wh', 'kWh', 'MWh']).optional(),
  entity: shortText.describe('which column, entity or device of several').optional(),
  file_meter: shortText.describe('which meter of several in the file').optional(),
  day_first: z.boolean().optional(),
  false_alarms_per_month: z.number().min(0.05).max(60).optional(),
  take: z.boolean().describe('keep the readings and fit a model, as soon as nothing is open').optional(),
  use: z.boolean().describe('put the new model in the place of the one in use').optional(),
});

export type HistoryChoices = z.infer<typeof historyChoices>;

/** What has to be chosen before an export can be read. */
type HistoryQuestion = 'zone' | 'unit' | 'day_first' | 'entity' | 'file_meter';

/** Choices with which the file has to be read anew. */
export const READING: readonly (keyof HistoryChoices)[] = [
  'zone',
  'format',
  'labels',
  'unit',
  'entity',
  'file_meter',
  'day_first',
];

export const optionsOf = (choices: HistoryChoices, place: string): Omit<ImportOptions, 'onProgress'> => ({
  place,
  zone: choices.zone,
  format: choices.format,
  labels: choices.labels,
  unit: choices.unit,
  entity: choices.entity,
  meter: choices.file_meter,
  dayFirst: choices.day_first,
});

/** The question that a refusal of the importer comes to; undefined where there is nothing to choose. */
export function questionOf({ code }: Pick<LeftOnError, 'code'>): HistoryQuestion | undefined {
  switch (code) {
    case 'zone_needed':
    case 'unknown_zone':
      return 'zone';
    case 'unit_needed':
      return 'unit';
    case 'date_order_needed':
      return 'day_first';
    case 'meter_choice_needed':
      return 'file_meter';
    case 'entity_choice_needed':
      return 'entity';
    default:
      return undefined;
  }
}
