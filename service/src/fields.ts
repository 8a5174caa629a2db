import { formatUtc, parseInstant } from '@lefton/core';
import type { Instant } from '@lefton/core';
import { z } from 'zod';

/** An instant in a query or body: ISO text with offset or Z. */
export const instantField = z.string().transform((text, context): Instant => {
  const at = parseInstant(text);
  if (at !== undefined) return at;
  context.addIssue({
    code: 'custom',
    message: 'expected an instant with offset or Z, such as 2026-03-24T03:12:00Z',
  });
  return z.NEVER;
});

export const meterField = z.string().min(1).max(128);

/** A whole number in a query. */
export const countField = (most: number, usual: number): z.ZodType<number> =>
  z.coerce.number<string>().int().min(1).max(most).default(usual);

/** An instant as it is answered; null stays null. */
export const utc = (at: Instant | null): string | null => (at === null ? null : formatUtc(at));
