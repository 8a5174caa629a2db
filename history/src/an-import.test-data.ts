import assert from 'node:assert/strict';
import { importHistory } from './import.ts';
import type { ImportOptions } from './options.ts';
import type { ImportedHistory } from './report.ts';

/** What comes of a file with this text, or these lines. */
export const imported = (
  text: string | readonly string[],
  options: Partial<ImportOptions> = {},
): Promise<ImportedHistory> =>
  importHistory([Buffer.from(typeof text === 'string' ? text : text.join('\n'))], {
    place: 'f.csv',
    ...options,
  });

/** Such a file is refused with this code and message. */
export const refusal = (
  text: string | readonly string[],
  code: string,
  message: RegExp,
  options: Partial<ImportOptions> = {},
): Promise<void> => assert.rejects(imported(text, options), { name: 'LeftOnError', code, message });
