import { LeftOnError } from '@lefton/core';
import type { ReadingCodec } from '../avro/reading-codec.ts';
import type { DeadLetters } from '../records/dead-letters.ts';
import type { Topics } from '../ports.ts';

/** Brings readings to raw_power until it has no more, or until aborted. */
export interface Source {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

/** Where the readings of a source go, and what is none. */
export interface Destination {
  readonly topics: Topics;
  readonly codec: ReadingCodec;
  readonly dead: DeadLetters;
}

/** The error of a file that a source cannot do without. */
export function unreadable(file: string, error: unknown): LeftOnError {
  const found = error instanceof Error ? error.message : 'none';
  return new LeftOnError({
    code: 'unreadable',
    place: file,
    expected: 'a readable canonical CSV',
    found,
    faultClass: 'fatal',
  });
}
