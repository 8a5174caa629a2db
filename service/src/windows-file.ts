import { readFileSync } from 'node:fs';
import { LeftOnError } from '@lefton/core';
import type { Window } from '@lefton/core';
import { z } from 'zod';
import { instantField } from './fields.ts';

const rows = z.array(
  z.object({
    from: instantField,
    to: instantField,
    label: z.enum(['fine', 'left_on', 'away']).default('left_on'),
    what: z.string().optional(),
  }),
);

/**
 * Windows that a person marked: a JSON list of {from, to, label: fine | left_on | away}; left_on where it is not said.
 * @throws LeftOnError `bad_windows` naming the file and the first wrong place
 */
export function readWindows(path: string): Window[] {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw refuse(path, 'a JSON list', error instanceof Error ? error.message : String(error));
  }
  const parsed = rows.safeParse(json);
  if (parsed.success) return parsed.data.map(({ from, to, label }) => ({ from, to, label }));
  const [issue] = parsed.error.issues;
  const steps = issue?.path ?? [];
  const found = steps.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], json);
  throw refuse(
    `${path}: ${steps.join('.')}`,
    /expected (.*?)(?:, received|$)/.exec(issue?.message ?? '')?.[1] ?? 'a window',
    found === undefined ? 'nothing' : JSON.stringify(found),
  );
}

const refuse = (place: string, expected: string, found: string): LeftOnError =>
  new LeftOnError({ code: 'bad_windows', place, expected, found });
