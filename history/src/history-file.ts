import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { crc32, createGunzip, createInflateRaw } from 'node:zlib';
import { LeftOnError } from '@lefton/core';
import { zipMembers } from './zip-directory.ts';
import type { ZipMember } from './zip-directory.ts';

/** A file opened for import. */
export interface HistoryFile {
  /** Name for messages: the file's, and that of the member of an archive. */
  readonly place: string;
  /** The bytes, decompressed. To be read once. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Bytes that will be read from the disk, and how many were so far. */
  readonly sizeBytes: number;
  readonly bytesRead: () => number;
  /** What was chosen of an archive, for people. */
  readonly notes: readonly string[];
}

/** Emporia's members, the finest useful one first: of seconds it keeps hours, of minutes a week. */
const MEMBERS = [/15MIN/i, /1H/i, /1MIN/i, /1SEC/i, /1DAY/i] as const;
const READABLE = /\.(?:csv|txt|xml)$/i;
/** What only the workbooks of spreadsheets have within them, which are zip archives too. */
const WORKBOOK = /^(?:xl\/workbook\.(?:xml|bin)|content\.xml)$/;

/**
 * Opens an export: plain, gzip or zip, told by its first bytes. Of a zip with several members the finest useful one
 * is chosen, and the notes say which.
 * @throws LeftOnError `no_file` when it cannot be read, `bad_file` when a zip holds nothing to import.
 */
export async function openHistoryFile(path: string): Promise<HistoryFile> {
  const place = basename(path);
  let handle: FileHandle;
  try {
    handle = await open(path);
  } catch (error) {
    throw unreadable(place, error);
  }
  try {
    return await openHandle(handle, place);
  } catch (error) {
    await handle.close();
    // a folder opens, and is read no further
    throw error instanceof LeftOnError ? error : unreadable(place, error);
  }
}

function unreadable(place: string, error: unknown): LeftOnError {
  const found = error instanceof Error ? error.message : String(error);
  return new LeftOnError({ code: 'no_file', place, expected: 'a readable file', found });
}

async function openHandle(handle: FileHandle, place: string): Promise<HistoryFile> {
  const { size } = await handle.stat();
  const magic = new Uint8Array(4);
  await handle.read(magic, 0, 4, 0);
  if (magic[0] === 0x50 && magic[1] === 0x4b) return await openMember(handle, size, place);
  const gzip = magic[0] === 0x1f && magic[1] === 0x8b;
  return streamed(handle, { place, start: 0, sizeBytes: size, packing: gzip ? 'gzip' : 'none', notes: [] });
}

async function openMember(handle: FileHandle, size: number, place: string): Promise<HistoryFile> {
  const members = await zipMembers(handle, size, place);
  if (members.some(({ name }) => WORKBOOK.test(name))) {
    const expected = 'a text file: save the sheet as CSV';
    throw new LeftOnError({ code: 'bad_file', place, expected, found: 'the workbook of a spreadsheet' });
  }
  const readable = members.filter(({ name }) => READABLE.test(name));
  const rank = ({ name }: ZipMember): number => {
    const index = MEMBERS.findIndex((pattern) => pattern.test(name));
    return index < 0 ? MEMBERS.length : index;
  };
  readable.sort((a, b) => rank(a) - rank(b) || b.sizeBytes - a.sizeBytes);
  const [chosen] = readable;
  if (chosen === undefined) {
    const found = `a zip with ${members.length} members`;
    throw new LeftOnError({ code: 'bad_file', place, expected: 'a CSV, text or XML file in it', found });
  }
  const notes = members.length > 1 ? [`read ${chosen.name} of the ${members.length} files in the zip`] : [];
  const packing = chosen.deflated ? 'deflate' : 'none';
  const { packedBytes: sizeBytes, start, crc } = chosen;
  return streamed(handle, { place: `${place}/${chosen.name}`, start, sizeBytes, packing, notes, crc });
}

/** A stretch of the file to read, and how it is packed. */
interface Stretch {
  readonly place: string;
  readonly start: number;
  readonly sizeBytes: number;
  readonly packing: 'none' | 'gzip' | 'deflate';
  readonly notes: readonly string[];
  /** CRC-32 of the bytes once they are unpacked, where unpacking does not look at it. */
  readonly crc?: number;
}

function streamed(handle: FileHandle, stretch: Stretch): HistoryFile {
  const { place, start, sizeBytes, packing, notes } = stretch;
  if (sizeBytes === 0) {
    const plain = { place, sizeBytes, notes, bytesRead: () => 0 };
    return { ...plain, chunks: closing(handle) };
  }
  const raw = handle.createReadStream({ start, end: start + sizeBytes - 1, highWaterMark: 65_536 });
  const unpack = packing === 'gzip' ? createGunzip() : packing === 'deflate' ? createInflateRaw() : undefined;
  // errors reach the reader through the last stream of the pipeline
  const bytes: Readable = unpack === undefined ? raw : pipeline(raw, unpack, () => undefined);
  return { place, sizeBytes, notes, bytesRead: () => raw.bytesRead, chunks: unpacked(bytes, stretch) };
}

async function* unpacked(bytes: Readable, { place, crc }: Stretch): AsyncGenerator<Uint8Array, void> {
  const expected = 'bytes that can be read to the end';
  let sum = 0;
  try {
    for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
      if (crc !== undefined) sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new LeftOnError({ code: 'bad_file', place, expected, found });
  }
  if (crc !== undefined && crc !== sum)
    throw new LeftOnError({ code: 'bad_file', place, expected, found: 'others than were packed' });
}

async function* closing(handle: FileHandle): AsyncGenerator<Uint8Array, void> {
  await handle.close();
}
