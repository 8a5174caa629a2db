import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { LeftOnError, messageOf } from '@lefton/core';
import { counted } from '../counted.ts';
import type { OneFile } from './file-choice.ts';
import { openStretch } from './stretch.ts';
import { zipMembers } from './zip-directory.ts';
import type { ZipMember } from './zip-directory.ts';

const READABLE = /\.(?:csv|txt|xml)$/i;
/** What a Mac keeps beside each file. */
const FORK = /(?:^|\/)\._/;
/** What only the workbooks of spreadsheets have within them, which are zip archives too. */
const WORKBOOK = /^(?:xl\/workbook\.(?:xml|bin)|content\.xml)$/;

/** What is at a path: a file, or those within a zip. */
interface FilesAt {
  /** Of a zip in the order of their names, without what cannot be an export. */
  readonly files: readonly [OneFile, ...OneFile[]];
  readonly packed: boolean;
  /** Names of what cannot be an export. */
  readonly others: readonly string[];
}

/**
 * Looks at a file, told by its first bytes: plain, gzip or zip.
 * @param name for messages.
 * @throws LeftOnError `no_file` when it cannot be read, `bad_file` when a zip holds nothing to import.
 */
export async function filesAt(path: string, name: string): Promise<FilesAt> {
  let handle: FileHandle;
  try {
    handle = await open(path);
  } catch (error) {
    throw unreadable(name, error);
  }
  try {
    const { size } = await handle.stat();
    const magic = new Uint8Array(4);
    await handle.read(magic, 0, 4, 0);
    if (magic[0] === 0x50 && magic[1] === 0x4b)
      return membersAt(path, name, await zipMembers(handle, size, name));
    const packing = magic[0] === 0x1f && magic[1] === 0x8b ? 'gzip' : 'none';
    const stretch = { place: name, start: 0, sizeBytes: size, packing } as const;
    const file = { name, sizeBytes: size, packedBytes: size, open: () => openStretch(path, stretch) };
    return { files: [file], packed: false, others: [] };
  } catch (error) {
    // a folder opens, and is read no further
    throw error instanceof LeftOnError ? error : unreadable(name, error);
  } finally {
    await handle.close();
  }
}

function unreadable(place: string, error: unknown): LeftOnError {
  const refused = (expected: string, found: string): LeftOnError =>
    new LeftOnError({ code: 'no_file', place, expected, found });
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EISDIR') return refused(`a file: name the ones in it, such as ${place}/*.csv`, 'a folder');
  // the first rows are looked at before all are read
  if (code === 'ESPIPE') return refused('a file, as it is read twice: store it in one first', 'a pipe');
  return refused('a readable file', messageOf(error));
}

function membersAt(path: string, place: string, all: readonly ZipMember[]): FilesAt {
  const refused = (expected: string, found: string): LeftOnError =>
    new LeftOnError({ code: 'bad_file', place, expected, found });
  if (all.some(({ name }) => WORKBOOK.test(name)))
    throw refused('a text file: save the sheet as CSV', 'the workbook of a spreadsheet');
  const members = all.filter(({ name }) => !FORK.test(name));
  const [first, ...more] = members
    .filter(({ name }) => READABLE.test(name))
    .sort((a, b) => inOrder.compare(a.name, b.name))
    .map((member) => fileOf(path, place, member));
  const others = members.flatMap(({ name }) => (READABLE.test(name) ? [] : [name]));
  if (first === undefined)
    throw refused('a CSV, text or XML file in it', `a zip with ${counted(all.length, 'member')}`);
  return { files: [first, ...more], packed: true, others };
}

/** 2 comes before 10. */
const inOrder = new Intl.Collator('en', { numeric: true });

function fileOf(path: string, place: string, member: ZipMember): OneFile {
  const { name, sizeBytes, packedBytes, start, crc, deflated } = member;
  const packing = deflated ? 'deflate' : 'none';
  const stretch = { place: `${place}/${name}`, start, sizeBytes: packedBytes, packing, crc } as const;
  return { name, sizeBytes, packedBytes, open: () => openStretch(path, stretch) };
}
