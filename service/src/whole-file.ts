import { LeftOnError } from '@lefton/core';
import { createWriteStream, existsSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { lookAt } from './look.ts';

/**
 * A file as a whole: readers see the old text or the new one. Where it cannot be written the old one stays, and nothing
 * beside it.
 * @throws LeftOnError `not_written`
 */
export function writeWhole(file: string, text: string): void {
  const part = partOf(file);
  try {
    writeFileSync(part, text, { flush: true });
    renameSync(part, file);
  } catch (error) {
    discard(part);
    throw notWritten(file, error);
  }
}

/** The same of a text that is made as it is written; what is no file, such as a pipe, is written to. */
export async function writeWholeOf(file: string, texts: Iterable<string>): Promise<void> {
  const look = lookAt(file);
  const isFile = 'unseen' in look || look.stat.isFile();
  // a link goes on leading to its file
  const place = isFile && existsSync(file) ? realpathSync(file) : file;
  const part = isFile ? partOf(place) : place;
  try {
    await pipeline(Readable.from(texts), createWriteStream(part, { flush: isFile }));
    if (isFile) renameSync(part, place);
  } catch (error) {
    if (isFile) discard(part);
    throw notWritten(file, error);
  }
}

/** The error of a file that cannot be written. */
export const notWritten = (place: string, error: unknown): LeftOnError =>
  new LeftOnError({
    code: 'not_written',
    place,
    expected: 'a place to write to, with room for it',
    found: error instanceof Error ? error.message : String(error),
  });

/** What went wrong is told, and not that there is nothing to take away. */
function discard(part: string): void {
  try {
    rmSync(part, { force: true });
  } catch {
    return;
  }
}

const partOf = (file: string): string => `${file}.part`;
