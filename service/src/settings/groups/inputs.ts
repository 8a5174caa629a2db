import { z } from 'zod';
import { setting } from '../about.ts';
import { flagField, instantField, numberField } from '../fields.ts';

/** Readings that come from files and standard input, and what is printed of them. */
export const inputFields = {
  tail: setting(
    z.string().min(1).nullable().default(null),
    'follow a growing canonical CSV: at,watts[,meter]',
    { value: 'file' },
  ),
  stdin: setting(flagField, 'read canonical CSV or JSON lines from standard input'),
  replay: setting(
    z.string().min(1).nullable().default(null),
    'play a canonical CSV, plain or .gz, on a simulated clock',
    { value: 'file' },
  ),
  speed: setting(
    z.union([z.literal('max').transform(() => Infinity), numberField.pipe(z.number().positive())]).default(1),
    'simulated time per real time, or max',
    { value: 'n', takes: 'number, above 0, or `max`' },
  ),
  from: setting(
    instantField.nullable().default(null),
    'begin the replay here; the day before is folded without telling',
    { value: 'instant', takes: 'instant: `2026-03-24T00:00:00+01:00`', usual: 'its first reading' },
  ),
  once: setting(flagField, 'end when the source has ended and all is told'),
  json: setting(flagField, 'print JSON lines: events; of a capture, readings and how well meters are heard'),
};
