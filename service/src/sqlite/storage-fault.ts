import { LeftOnError } from '@lefton/core';
import type { Fault } from '@lefton/core';
import type { DatabaseSync } from 'node:sqlite';

/** What this process may not open or change, as of another user or on a disk that is read only. */
const CLOSED = {
  code: 'storage_failed',
  expected: 'a file in a folder that is there, both to be written to: others are made beside it',
};
/** What a SQLite result code (https://sqlite.org/rescode.html) means for the caller; any other one is fatal. */
const FAULTS = new Map<number, Pick<Fault, 'code' | 'expected' | 'faultClass'>>([
  [5, { code: 'storage_busy', expected: 'the database to be writable', faultClass: 'transient' }],
  [8, CLOSED],
  [10, { code: 'storage_busy', expected: 'the disk to work', faultClass: 'transient' }],
  [11, { code: 'storage_broken', expected: 'an intact SQLite database' }],
  [13, { code: 'storage_full', expected: 'room on the disk', faultClass: 'transient' }],
  [14, CLOSED],
  [26, { code: 'storage_broken', expected: 'a SQLite database' }],
]);

/** What SQLite threw, as the product's own error; anything else stays what it is. */
export function storageFault(error: unknown, file: string): unknown {
  const code = codeOf(error);
  if (code === undefined || !(error instanceof Error)) return error;
  const fault = FAULTS.get(code & 0xff) ?? { code: 'storage_failed', expected: 'the database to work' };
  return new LeftOnError({ faultClass: 'fatal', place: file, found: error.message, ...fault });
}

/** The result code of SQLite; undefined where the error is none of SQLite's. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : undefined;
}

/** The first damage of a database, in one line; undefined where it is whole. */
export function damageIn(db: DatabaseSync, schema = 'main'): string | undefined {
  const found = db.prepare(`PRAGMA ${schema}.quick_check(1)`).get()?.quick_check;
  return found === 'ok' ? undefined : String(found).replaceAll('\n', ' ');
}
