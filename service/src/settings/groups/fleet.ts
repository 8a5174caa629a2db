import { z } from 'zod';
import { setting } from '../about.ts';
import { numberField, textField } from '../fields.ts';

/** A fleet: models by meter in a store, instead of files. */
export const fleetFields = {
  model_store: setting(textField, 'models of a fleet, by meter; `lefton fleet` fills it', { value: 'file' }),
  model_memory_mb: setting(
    numberField.pipe(z.number().min(1)).default(1_024),
    'models of a fleet in memory at most',
    {
      unit: 'MB',
    },
  ),
  cohort: setting(textField, 'whose model stands for meters of a fleet that have none', { value: 'name' }),
};
