import { formatUtc, isMeterName, LONGEST_METER, parseInstant, Zone } from '@lefton/core';
import type { Instant } from '@lefton/core';
import { z } from 'zod';
import { isAddressOrNetwork } from './address-list.ts';

const anInstant = (example: string): z.ZodType<Instant, string> =>
  z
    .string()
    .meta({ format: 'date-time', examples: [example] })
    .transform((text, context): Instant => {
      const at = parseInstant(text);
      if (at !== undefined) return at;
      context.addIssue({
        code: 'custom',
        message: 'expected an instant with offset or Z, such as 2026-03-24T03:12:00Z',
      });
      return z.NEVER;
    });

/** An instant in a query or body: ISO text with offset or Z. */
export const instantField = anInstant('2026-01-05T00:00:00Z');

/** The end of what an instantField begins: only its example is another. */
export const endField = anInstant('2026-01-06T00:00:00Z');

export const meterField = z
  .string()
  .min(1)
  .max(LONGEST_METER)
  .refine(isMeterName, 'expected a name without comma, quote or control character')
  .meta({ examples: ['home'] });

/** A zone in the settings. */
export const zoneField = z
  .string()
  .refine((name) => Zone.find(name) !== undefined, 'expected an IANA zone such as Europe/Paris');

/** A whole number in a query. */
export const countField = (most: number, usual: number): z.ZodType<number> =>
  z.coerce.number<string>().int().min(1).max(most).default(usual);

/** An instant in an answer. */
export const utcField = z.string().meta({ format: 'date-time' });

/** An instant as it is answered; null stays null. */
export const utc = (at: Instant | null): string | null => (at === null ? null : formatUtc(at));

/** On or off, as a flag or as text. */
export const onOffField = z.union([z.boolean(), z.stringbool()]);

/** The same, off where it is not given. */
export const flagField = onOffField.default(false);

/** A number, or its text. */
export const numberField = z.union([z.number(), z.string().trim().min(1).transform(Number)]).pipe(z.number());

/** Several texts, or one with commas. */
export const listField = z.union([
  z.array(z.string()),
  z.string().transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
]);

/** IP addresses, and networks of them. */
export const addressesField = listField.pipe(
  z.array(z.string().refine(isAddressOrNetwork, 'expected IP addresses, or networks such as 172.30.32.0/23')),
);

/** What people call a meter. It stands in one line of what they are told. */
export const nameField = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'expected one line, without control characters');

/** A text in the settings; null where it is not given. */
export const textField = z.string().min(1).nullable().default(null);

/** The address of a server that may have user and password in it: it is a secret, or they are left out where it is told. */
export const httpLoginField = z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' });

const withoutLogin = (address: z.ZodURL): z.ZodURL =>
  address.refine((url) => !hasLogin(url), 'expected no user or password in it');

function hasLogin(url: string): boolean {
  const { username = '', password = '' } = URL.parse(url) ?? {};
  return username !== '' || password !== '';
}

/** The address of a server, as it is told. */
export const httpField = withoutLogin(httpLoginField);

/** The same of an MQTT broker. */
export const mqttField = withoutLogin(z.url({ protocol: /^mqtts?$/, error: 'expected an mqtt(s) URL' }));

/** A value, or its JSON as text, as a variable has it. */
export const jsonField = <T extends z.ZodType>(field: T, example: string) =>
  z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: `expected JSON, such as ${example}` });
      return z.NEVER;
    }
  }, field);
