import { LONGEST_METER } from '@lefton/core';
import { z } from 'zod';
import { setting } from '../about.ts';
import { jsonField, numberField, onOffField } from '../fields.ts';

/** Where things are kept, and for how long. */
export const keptFields = {
  db: setting(z.string().min(1).default('lefton.db'), 'SQLite file of topics, episodes and outbox', {
    value: 'file',
  }),
  keep_readings: setting(
    onOffField.nullable().default(null),
    'keep good readings for the page and for fits',
    { usual: 'true; on Kafka false' },
  ),
  retention_days: setting(
    numberField.pipe(z.number().min(1)).default(400),
    'how long readings and receipts are kept',
    { unit: 'days' },
  ),
  keep_days: setting(
    jsonField(z.record(z.string().min(1).max(LONGEST_METER), z.number().min(1)), '{"barn":7}').default({}),
    'meters that keep less or more, in days: {"barn":7}',
    { takes: 'JSON, days by meter: `{"barn":7}`' },
  ),
};
