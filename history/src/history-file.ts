import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { LeftOnError, messageOf } from '@lefton/core';
import { JoinedFiles } from './joined-files.ts';
import { openStretch } from './stretch.ts';
import type { OpenStretch, Stretch } from './stretch.ts';
import { chooseMembers } from './zip-choice.ts';
import { zipMembers } from './zip-directory.ts';
import type { ZipMember } from './zip-directory.ts';

/** A file opened for import. */
interface HistoryFile {
  /** Name for messages: the file's, and that of the member of an archive. */
  readonly place: string;
  /** The bytes, decompressed. To be read once. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Bytes that will be read from the disk, and how many were so far. */
  readonly sizeBytes: number;
  readonly bytesRead: () => number;
  /** What was chosen of an archive, for people; complete once all is read. */
  readonly notes: readonly string[];
  /** Names of the files in an archive that are read one after the other, where there are several: see ImportOptions. */
  readonly files: readonly string[];
}

/**
 * Opens an export: plain, gzip or zip, told by its first bytes. Of a zip the finest useful member is chosen, and all
 * that are tables of the same columns are read after each other; the notes say which.
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
  const found = messageOf(error);
  return new LeftOnError({ code: 'no_file', place, expected: 'a readable file', found });
}

async function openHandle(handle: FileHandle, place: string): Promise<HistoryFile> {
  const { size } = await handle.stat();
  const magic = new Uint8Array(4);
  await handle.read(magic, 0, 4, 0);
  if (magic[0] === 0x50 && magic[1] === 0x4b) return await openZip(handle, size, place);
  const gzip = magic[0] === 0x1f && magic[1] === 0x8b;
  const packing = gzip ? 'gzip' : 'none';
  const { chunks, bytesRead } = openStretch(handle, { place, start: 0, sizeBytes: size, packing });
  return { place, sizeBytes: size, notes: [], files: [], bytesRead, chunks: closing(handle, chunks) };
}

async function openZip(handle: FileHandle, size: number, place: string): Promise<HistoryFile> {
  const stretchOf = ({ name, deflated, packedBytes: sizeBytes, start, crc }: ZipMember): Stretch => {
    const packing = deflated ? 'deflate' : 'none';
    return { place: `${place}/${name}`, start, sizeBytes, packing, crc };
  };
  const members = await zipMembers(handle, size, place);
  const { chosen, notes } = await chooseMembers(
    members,
    place,
    (member) => openStretch(handle, stretchOf(member)).chunks,
  );
  const stretches = chosen.map(({ member }) => stretchOf(member));
  const sizeBytes = stretches.reduce((sum, stretch) => sum + stretch.sizeBytes, 0);
  const [only] = stretches;
  if (only !== undefined && stretches.length === 1) {
    const { chunks, bytesRead } = openStretch(handle, only);
    return { place: only.place, sizeBytes, notes, files: [], bytesRead, chunks: closing(handle, chunks) };
  }
  const opened: OpenStretch[] = [];
  const joined = new JoinedFiles(
    chosen.map(({ member, preamble }) => ({
      name: member.name,
      preamble,
      open: () => {
        const open = openStretch(handle, stretchOf(member));
        opened.push(open);
        return open.chunks;
      },
    })),
  );
  return {
    place,
    sizeBytes,
    get notes() {
      return [...notes, joined.note];
    },
    files: chosen.map(({ member }) => member.name),
    bytesRead: () => opened.reduce((sum, open) => sum + open.bytesRead(), 0),
    chunks: closing(handle, joined.chunks()),
  };
}

async function* closing(
  handle: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* chunks;
  } finally {
    await handle.close();
  }
}
