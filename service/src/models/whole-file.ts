import { LeftOnError, messageOf } from '@lefton/core';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  createWriteStream,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
} from 'node:fs';
import { readlinkSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { lookAt } from '../telemetry/look.ts';

/** A folder in which no file can be made; the one that is there may be writable all the same. */
const NO_ROOM_BESIDE = ['EACCES', 'EPERM', 'EROFS'];
/** A file that cannot be replaced, such as one that is mounted by itself. */
const NOT_REPLACED = ['EBUSY', 'EXDEV', 'EACCES', 'EPERM'];
/** Linux follows as many in one path. */
const MOST_LINKS = 40;

/**
 * A file as a whole: readers see the old text or the new one. Where it cannot be written the old one stays, and nothing
 * beside it. Those who could read it still can.
 * @throws LeftOnError `not_written`
 */
export function writeWhole(file: string, text: string): void {
  const place = targetOf(file);
  const part = partOf(place);
  try {
    writeFileSync(part, text, { flush: true });
    replace(place, part);
  } catch (error) {
    if (part !== place) discard(part);
    throw notWritten(file, error);
  }
}

/** The same of a text that is made as it is written; what is no file, such as a pipe, is written to. */
export async function writeWholeOf(file: string, texts: Iterable<string>): Promise<void> {
  const look = lookAt(file);
  const isFile = !/^\/(dev|proc)\//.test(file) && ('unseen' in look || look.stat.isFile());
  const place = isFile ? targetOf(file) : file;
  const part = isFile ? partOf(place) : place;
  try {
    if (isFile) writePieces(part, texts);
    else await pipeline(Readable.from(texts), createWriteStream(part));
    replace(place, part);
  } catch (error) {
    if (part !== place) discard(part);
    throw notWritten(file, error);
  }
}

/** One after the other: of two million rows a stream would keep many for the garbage collector. */
function writePieces(file: string, texts: Iterable<string>): void {
  const written = openSync(file, 'w');
  try {
    for (const text of texts) writeFileSync(written, text);
    fsyncSync(written);
  } finally {
    closeSync(written);
  }
}

/** The error of a file that cannot be written. */
export const notWritten = (place: string, error: unknown): LeftOnError =>
  new LeftOnError({
    code: 'not_written',
    place,
    expected: 'a place to write to, with room for it',
    found: messageOf(error),
  });

/** The file that a path leads to: a link goes on leading to its file, also to one that is yet to be made. */
export function targetOf(file: string): string {
  try {
    let place = file;
    for (let links = 0; links < MOST_LINKS && leadsNowhere(place); links++)
      place = resolve(realpathSync(dirname(place)), readlinkSync(place));
    return existsSync(place) ? realpathSync(place) : place;
  } catch {
    // it cannot be looked at: writing says what is wrong
    return file;
  }
}

const leadsNowhere = (place: string): boolean =>
  !existsSync(place) && lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true;

/** The file beside it that is written first; the file itself where there can be none beside it. */
function partOf(file: string): string {
  const part = `${file}.part`;
  if (!existsSync(file)) return part;
  try {
    // nobody may read more of it than of the file whose place it takes
    closeSync(openSync(part, 'w', statSync(file).mode & 0o700));
    return part;
  } catch (error) {
    if (isOf(error, NO_ROOM_BESIDE)) return file;
    throw notWritten(file, error);
  }
}

function replace(file: string, part: string): void {
  if (part === file) return;
  if (existsSync(file)) chmodSync(part, statSync(file).mode & 0o777);
  try {
    renameSync(part, file);
  } catch (error) {
    if (!isOf(error, NOT_REPLACED) || !existsSync(file)) throw error;
    copyFileSync(part, file);
    discard(part);
  }
}

/** What went wrong is told, and not that there is nothing to take away. */
function discard(part: string): void {
  try {
    rmSync(part, { force: true });
  } catch {
    return;
  }
}

const isOf = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
