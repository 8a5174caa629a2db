import { z } from 'zod';
import { setting } from '../about.ts';
import { httpField, numberField } from '../fields.ts';

/** Traces, for whoever wants to see a reading on its way. */
export const traceFields = {
  traces_url: setting(httpField.nullable().default(null), 'where traces are sent by OTLP', {
    takes: 'http(s) address: `http://collector:4318/v1/traces`',
  }),
  traces_ratio: setting(
    numberField.pipe(z.number().min(0).max(1)).default(1),
    'share of readings that are traced; what leads to an event always is',
  ),
};
