import { LeftOnError } from '@lefton/core';
import type { z } from 'zod';
import type { Row } from './statement.ts';

// What a column holds, as what the schema has it. Its tables are STRICT, so another value is damage to the file. Each
// throws LeftOnError `storage_broken` (fatal) for one.

export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : broken(column, 'text', value);
}

export function number(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : broken(column, 'a number', value);
}

export function blob(row: Row, column: string): Uint8Array {
  const value = row[column];
  return value instanceof Uint8Array ? value : broken(column, 'bytes', value);
}

/** @param read text, number or blob, where there is something */
export const nullable = <T>(read: (row: Row, column: string) => T, row: Row, column: string): T | null =>
  row[column] === null ? null : read(row, column);

/** Text that the schema allows a few values. */
export function oneOf<T extends string>(values: readonly T[], row: Row, column: string): T {
  const value = text(row, column);
  return values.find((each) => each === value) ?? broken(column, values.join(' or '), value);
}

/** What was written as JSON. */
export function json<T>(schema: z.ZodType<T>, row: Row, column: string): T {
  const value = text(row, column);
  try {
    return schema.parse(JSON.parse(value));
  } catch {
    return broken(column, 'JSON as it was written', value);
  }
}

function broken(column: string, expected: string, found: unknown): never {
  const shown = typeof found === 'string' ? JSON.stringify(found.slice(0, 80)) : typeof found;
  throw new LeftOnError({
    ...{ code: 'storage_broken', faultClass: 'fatal', place: `column ${column}` },
    ...{ expected, found: found === null ? 'null' : shown },
  });
}
