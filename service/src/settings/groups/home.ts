import { defaultLimits } from '@lefton/core';
import { z } from 'zod';
import { setting } from '../about.ts';
import { jsonField, meterField, nameField, numberField, zoneField } from '../fields.ts';

/** The home, and what is unusual there. */
export const homeFields = {
  model: setting(
    z.string({ error: 'expected a model file or a folder of them' }).min(1),
    'model file, or a folder of them; loaded anew when changed. Needed where there is no model_store',
    { value: 'path', takes: 'file or folder' },
  ),
  zone: setting(zoneField.nullable().default(null), 'IANA zone of the home', {
    value: 'name',
    takes: 'IANA zone: `Europe/Paris`',
    usual: 'that of the model',
  }),
  meter: setting(meterField.default('home'), 'meter of readings that name none', { value: 'id' }),
  meter_names: setting(
    jsonField(z.record(z.string(), nameField), '{"home":"Our house"}').default({}),
    'what people call a meter, on the page and in alerts',
    { takes: 'JSON, name by meter: `{"home":"Our house"}`' },
  ),
  alert_at: setting(
    numberField.pipe(z.number().min(0.5).max(5)).default(1),
    'tell from this score on, 0.5 to 5; higher is later and less',
    { value: 'score' },
  ),
  main_fuse_w: setting(
    numberField.pipe(z.number().positive()).nullable().default(null),
    'no reading beyond this is believed',
    { unit: 'W', usual: String(defaultLimits.mainFuseW) },
  ),
  price_per_kwh: setting(
    numberField.pipe(z.number().min(0)).nullable().default(null),
    'for the cost of an episode',
    { unit: 'your currency' },
  ),
  windows: setting(
    z.string().min(1).nullable().default(null),
    'JSON list of {from, to, label: away}: shorter runs alert then',
    { value: 'file' },
  ),
  refit: setting(z.enum(['off', 'weekly']).default('off'), 'fit the model anew', { value: 'when' }),
  refit_hour: setting(
    numberField.pipe(z.int().min(0).max(23)).default(4),
    'local hour at which a weekly refit is done',
  ),
};
