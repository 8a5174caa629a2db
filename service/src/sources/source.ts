import { LeftOnError } from '@lefton/core';

/** Brings readings to raw_power until it has no more, or until aborted. */
export interface Source {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
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
