import { createHash } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';

/** The first bytes of a file tell it from the one that replaced it. */
const HEAD = 1_024;

/** How far a tailed file is read; stored with the readings it gave. */
export interface TailPlace {
  readonly offset: number;
  /** Hash of the first bytes up to the offset, HEAD at most. */
  readonly head: string;
}

/** Before the first byte. */
export const START: TailPlace = { offset: 0, head: '' };

/** The place that a position was made of; the start where there is none yet. */
export const placeOf = (position: string | undefined): TailPlace =>
  position === undefined ? START : (JSON.parse(position) as TailPlace);

/** A place further on in the file that is open. */
export const placeAt = (fd: number, offset: number, before: TailPlace | undefined): TailPlace =>
  before !== undefined && before.offset >= HEAD
    ? { offset, head: before.head }
    : { offset, head: headOf(fd, offset) };

/** Whether the file that is open is the one that a place is in. */
export const isSameFile = (fd: number, { offset, head }: TailPlace): boolean =>
  offset === 0 || (fstatSync(fd).size >= offset && headOf(fd, offset) === head);

function headOf(fd: number, offset: number): string {
  const bytes = Buffer.alloc(Math.min(offset, HEAD));
  const size = readSync(fd, bytes, 0, bytes.length, 0);
  return createHash('sha256').update(bytes.subarray(0, size)).digest('hex');
}
