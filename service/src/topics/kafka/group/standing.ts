import type { Offsets } from '../offsets.ts';
import type { StatesRead } from '../partition/states.ts';

/** Where a partition stands when it is taken over. */
export interface Standing extends StatesRead {
  /** Offset that the group has committed: what is before it has been told. */
  readonly committed: number;
  /** First offset of the log. */
  readonly first: number;
  /** The log is another than the one that the states stand for, or nobody knows how far it was told. */
  readonly begunAnew: boolean;
  /** Records that were deleted before anybody told them. */
  readonly untold: number;
}

/**
 * Where to go on. Places of a log that is gone, as after a topic was deleted and made again, say nothing of the present
 * one: it is read from its beginning, and what the states know already is late by their own clock.
 */
export function standingOf({ committed, first, end }: Offsets, { rows, checkpoint }: StatesRead): Standing {
  const begunAnew = committed === undefined ? checkpoint > 0 : Math.max(committed, checkpoint) > end;
  if (!begunAnew) {
    const told = committed ?? first;
    return { committed: told, first, rows, checkpoint, begunAnew, untold: Math.max(0, first - told) };
  }
  const moved = rows.map((row) => ({ ...row, next: first, checkpoint: first }));
  return { committed: first, first, rows: moved, checkpoint: first, begunAnew, untold: 0 };
}
