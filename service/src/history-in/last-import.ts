import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { previousOf } from '../models/model-paths.ts';
import { writeWhole } from '../models/whole-file.ts';
import type { HistoryStore } from '../store-ports.ts';
import { ROWS_AT_ONCE } from './storing.ts';

const record = z.object({
  name: z.string(),
  meter: z.string(),
  readings: z.int(),
  /** The model that came of it; null where none is in use. */
  model: z
    .object({
      file: z.string(),
      sha256: z.string(),
      replaced: z.boolean().describe('FILE.previous is the one before'),
    })
    .nullable(),
});

/** What was taken in last, and can be taken out again. */
export type LastImport = z.infer<typeof record>;

/** Null where nothing can be taken out. */
export function lastImportOf(store: HistoryStore): LastImport | null {
  const text = store.lastImport();
  return text === null ? null : record.parse(JSON.parse(text));
}

export function noteImport(store: HistoryStore, last: LastImport): void {
  store.noteImport(last.meter, JSON.stringify(last));
}

/** What was taken in before stays: another export begins. */
export async function settle(store: HistoryStore): Promise<void> {
  store.noteImport('', null);
  while (store.keepTaken(ROWS_AT_ONCE) > 0) await setImmediate();
}

/** The model that has just been written. @param replaced there was one before */
export const writtenModel = (file: string, replaced: boolean): LastImport['model'] => ({
  ...{ file, replaced },
  sha256: sumOf(file) ?? '',
});

/** Takes the readings out of the store, a little at a time; what has been heard since stays. */
export async function takeOut(
  store: HistoryStore,
  { meter, readings }: LastImport,
  progress: (share: number) => void,
): Promise<number> {
  let done = 0;
  for (
    let taken = store.takeOut(meter, ROWS_AT_ONCE);
    taken > 0;
    taken = store.takeOut(meter, ROWS_AT_ONCE)
  ) {
    done += taken;
    progress(Math.min(1, done / Math.max(1, readings)));
    await setImmediate();
  }
  return done;
}

/** Puts the earlier model back; one that somebody else has written since stays, and has learned from the file. */
export function putBack(model: LastImport['model']): 'before' | 'gone' | 'kept' | null {
  if (model === null) return null;
  const { file, sha256, replaced } = model;
  const previous = previousOf(file);
  if (sumOf(file) !== sha256 || (replaced && !existsSync(previous))) return 'kept';
  if (!replaced) {
    rmSync(file);
    return 'gone';
  }
  writeWhole(file, readFileSync(previous, 'utf8'));
  rmSync(previous);
  return 'before';
}

function sumOf(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined;
  }
}
