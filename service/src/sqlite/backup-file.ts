import { LeftOnError, messageOf } from '@lefton/core';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { modelsIn } from '../fleet/store-backup.ts';
import { blob, text } from './row.ts';
import { APPLICATION_ID } from './schema.ts';
import { damageIn } from './storage-fault.ts';

/** What is asked of a place that is written to. */
export const ROOM = 'a place to write to, with room for it';

/** A file that goes with the database, by its name in the folder of the models. */
export interface BackedUpFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** What a backup says of itself. */
export interface BackupAbout {
  /** As ISO text. */
  readonly at: string;
  readonly software: string;
  /** A service was running, and may have told since what was still to be told. */
  readonly running: boolean;
}

/** What a backup says and holds, where it is one and whole. */
export function contentsOf(copy: DatabaseSync) {
  checkWhole(copy);
  const row = copy.prepare('SELECT at, software, running FROM backup').get() ?? {};
  const files = copy
    .prepare('SELECT name, content FROM backup_files ORDER BY name')
    .all()
    .map((each) => ({ name: text(each, 'name'), content: blob(each, 'content') }));
  const about = { at: String(row.at), software: String(row.software), running: row.running === 1 };
  return { about, files, fleetModels: modelsIn(copy) };
}

/** @throws Error where it is no database of ours, or a damaged one */
export function checkWhole(copy: DatabaseSync): void {
  checkOwn(copy);
  const damage = damageIn(copy);
  if (damage !== undefined) throw new Error(`a damaged one: ${damage}`);
}

/** @throws Error where it is no database of ours */
export function checkOwn(db: DatabaseSync): void {
  if (db.prepare('PRAGMA application_id').get()?.application_id !== APPLICATION_ID)
    throw new Error('a database of another program');
}

/** Opens a database for a piece of work. */
export function withDatabase<T>(file: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** @throws LeftOnError `backup_failed` */
export function refuseExisting(place: string): void {
  if (!existsSync(place)) return;
  const expected = 'no such file yet: it is not written over; move it away or name another';
  throw new LeftOnError({ code: 'backup_failed', place, expected, found: 'one' });
}

/** The result code of SQLite, without its details. */
export const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;

/** Runs a step; what fails in it is the fault of a place. */
export function attempt<T>(place: string, expected: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw failed(place, expected, error);
  }
}

/** The error of a place. */
export function failed(place: string, expected: string, error: unknown): LeftOnError {
  if (error instanceof LeftOnError) return error;
  const found = messageOf(error);
  return new LeftOnError({ code: 'backup_failed', place, expected, found });
}
