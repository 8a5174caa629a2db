import type { FileHandle } from 'node:fs/promises';
import { LeftOnError } from '@lefton/core';

/** One file in a zip archive. */
export interface ZipMember {
  readonly name: string;
  /** Bytes after unpacking, as the archive says. */
  readonly sizeBytes: number;
  /** CRC-32 of them. */
  readonly crc: number;
  readonly packedBytes: number;
  /** Where its bytes begin in the archive. */
  readonly start: number;
  readonly deflated: boolean;
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
/** The end record may be followed by a comment of this length. */
const MAX_COMMENT = 65_535;
const MAX_DIRECTORY = 4_194_304;
const STORED = 0;
const DEFLATED = 8;

/**
 * Lists the files of a zip archive from its directory, without unpacking. Source: PKWARE APPNOTE 6.3.
 * @throws LeftOnError `bad_file` when the archive is damaged, encrypted or larger than 4 GiB.
 */
export async function zipMembers(handle: FileHandle, size: number, place: string): Promise<ZipMember[]> {
  const damaged = (found: string): LeftOnError =>
    new LeftOnError({ code: 'bad_file', place, expected: 'a whole zip archive', found });
  const tail = await readAt(
    handle,
    Math.max(0, size - END_BYTES - MAX_COMMENT),
    Math.min(size, END_BYTES + MAX_COMMENT),
  );
  let end = tail.length - END_BYTES;
  while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end -= 1;
  if (end < 0) throw damaged('no directory');
  const [length, offset] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (length > MAX_DIRECTORY || offset + length > size)
    throw damaged('a directory beyond the end of the file');
  const directory = await readAt(handle, offset, length);
  const members: ZipMember[] = [];
  for (let at = 0; at + ENTRY_BYTES <= directory.length && directory.readUInt32LE(at) === ENTRY_SIGNATURE;) {
    const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)];
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength);
    const packedBytes = directory.readUInt32LE(at + 20);
    const sizeBytes = directory.readUInt32LE(at + 24);
    const crc = directory.readUInt32LE(at + 16);
    const local = directory.readUInt32LE(at + 42);
    at += ENTRY_BYTES + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (name.endsWith('/')) continue;
    if ((flags & 1) === 1) throw damaged(`${name} encrypted`);
    if (method !== STORED && method !== DEFLATED) throw damaged(`${name} packed by method ${method}`);
    const header = await readAt(handle, local, LOCAL_BYTES);
    if (header.length < LOCAL_BYTES) throw damaged(`${name} cut off`);
    const start = local + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
    if (start + packedBytes > size) throw damaged(`${name} cut off`);
    members.push({ name, sizeBytes, crc, packedBytes, start, deflated: method === DEFLATED });
  }
  return members;
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
