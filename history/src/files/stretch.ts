import { open } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { crc32, createGunzip, createInflateRaw } from 'node:zlib';
import { LeftOnError, messageOf } from '@lefton/core';

const CHUNK_BYTES = 65_536;

/** A stretch of a file to read, and how it is packed. */
export interface Stretch {
  readonly place: string;
  readonly start: number;
  readonly sizeBytes: number;
  readonly packing: 'none' | 'gzip' | 'deflate';
  /** CRC-32 of the bytes once they are unpacked, where unpacking does not look at it. */
  readonly crc?: number;
}

/** A stretch that is being read. */
export interface OpenStretch {
  /** Its bytes, unpacked. To be read once. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** How many were read from the disk so far. */
  readonly bytesRead: () => number;
}

/** Begins to read a stretch; its file is open from the first byte that is asked for to the last. */
export function openStretch(path: string, stretch: Stretch): OpenStretch {
  const progress = { bytesRead: 0 };
  const raw = Readable.from(bytesOf(path, stretch, progress), { objectMode: false });
  const { packing } = stretch;
  const unpack = packing === 'gzip' ? createGunzip() : packing === 'deflate' ? createInflateRaw() : undefined;
  // errors reach the reader through the last stream of the pipeline
  const bytes: Readable = unpack === undefined ? raw : pipeline(raw, unpack, () => undefined);
  return { bytesRead: () => progress.bytesRead, chunks: unpacked(bytes, stretch) };
}

async function* bytesOf(
  path: string,
  { start, sizeBytes }: Stretch,
  progress: { bytesRead: number },
): AsyncGenerator<Uint8Array, void> {
  const handle = await open(path);
  try {
    while (progress.bytesRead < sizeBytes) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, sizeBytes - progress.bytesRead));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, start + progress.bytesRead);
      if (bytesRead === 0) return;
      progress.bytesRead += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
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
    const found = messageOf(error);
    throw new LeftOnError({ code: 'bad_file', place, expected, found });
  }
  if (crc !== undefined && crc !== sum)
    throw new LeftOnError({ code: 'bad_file', place, expected, found: 'others than were packed' });
}
