import { TextDecoder } from 'node:util';
import { HEAD_BYTES } from './head.ts';
import { MAX_LINE_BYTES, lineEnd } from './line-guard.ts';

const SLICE_BYTES = 65_536;

/** The bytes of a file: its beginning, already read, and all of them. */
export interface Peeked {
  readonly head: Uint8Array;
  /** True when the head is all there is. */
  readonly whole: boolean;
  /** Every chunk from the beginning, none larger than 64 KiB. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Chunks in slices of at most 64 KiB as UTF-8, telling after each how many bytes were read. */
export async function* slices(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onProgress: (bytesRead: number) => void,
): AsyncGenerator<Uint8Array, void> {
  let bytesRead = 0;
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    // Excel writes UTF-16 as "Unicode text"
    if (bytesRead === 0) decoder = utf16Decoder(chunk);
    bytesRead += chunk.length;
    const bytes = decoder === undefined ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
    for (let start = 0; start < bytes.length; start += SLICE_BYTES)
      yield bytes.subarray(start, start + SLICE_BYTES);
    onProgress(bytesRead);
  }
}

function utf16Decoder([first, second]: Uint8Array): TextDecoder | undefined {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  return undefined;
}

/** Reads the first 64 KiB, or as much as the first line takes, and gives them back with the rest. */
export async function peek(source: AsyncGenerator<Uint8Array, void>): Promise<Peeked> {
  const first: Uint8Array[] = [];
  let size = 0;
  let firstLine = false;
  let whole = false;
  while (size < HEAD_BYTES || (!firstLine && size < MAX_LINE_BYTES)) {
    const next = await source.next();
    if (next.done === true) {
      whole = true;
      break;
    }
    first.push(next.value);
    size += next.value.length;
    firstLine ||= lineEnd(next.value, 0) < next.value.length;
  }
  return { head: Buffer.concat(first), whole, chunks: replay(first, source) };
}

async function* replay(
  first: Uint8Array[],
  rest: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void> {
  yield* first;
  yield* rest;
}
