import { LONGEST_METER } from '@lefton/core';
import { z } from 'zod';
import { jsonField, numberField } from './fields.ts';

/** How long what is kept for people is kept, in days: of all meters, and of single ones. */
export const retentionFields = {
  retention_days: numberField.pipe(z.number().min(1)).default(400),
  keep_days: jsonField(
    z.record(z.string().min(1).max(LONGEST_METER), z.number().min(1)),
    '{"barn":7}',
  ).default({}),
};
