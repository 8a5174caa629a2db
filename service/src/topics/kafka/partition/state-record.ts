import type { Message } from 'kafkajs';
import type { MeterRow } from '../../../ports.ts';
import type { KafkaRecord } from '../records/record.ts';

/** A meter's state in the log: what has been folded into it, and from where a fold must go on for all meters. */
export interface StateRow extends MeterRow {
  /** Offset of raw_power from which on readings are not folded in yet. */
  readonly next: number;
  /** The newest offset of raw_power for which no meter of the partition needs an older reading. */
  readonly checkpoint: number;
}

/** The record of a row. */
export function stateMessage(row: StateRow, partition: number): Message {
  return {
    key: row.meter,
    partition,
    value: Buffer.from(row.state.buffer, row.state.byteOffset, row.state.byteLength),
    headers: {
      next: String(row.next),
      checkpoint: String(row.checkpoint),
      heard_at: String(row.heardAt),
    },
  };
}

/** A record of this key is of the partition: no meter is called so. */
const OF_PARTITION = '\0';

/** The record of a checkpoint that no state goes along with, as where no meter of the partition has a model. */
export const checkpointMessage = (checkpoint: number, partition: number): Message => ({
  ...{ key: OF_PARTITION, partition, value: Buffer.alloc(0) },
  headers: { checkpoint: String(checkpoint) },
});

/** The checkpoint of such a record; undefined for a meter's. */
export function checkpointOf({ value, isEmpty, headers }: KafkaRecord): number | undefined {
  if (isEmpty || value.length > 0 || headers.next !== undefined) return undefined;
  const checkpoint = Number(headers.checkpoint);
  return Number.isSafeInteger(checkpoint) ? checkpoint : undefined;
}

/** The row of a record; undefined for one that is none. */
export function stateRow({ key, value, isEmpty, headers }: KafkaRecord): StateRow | undefined {
  if (isEmpty) return undefined;
  const [next, checkpoint, heardAt] = [headers.next, headers.checkpoint, headers.heard_at].map(Number);
  if (next === undefined || checkpoint === undefined || heardAt === undefined) return undefined;
  if (!Number.isSafeInteger(next) || !Number.isSafeInteger(checkpoint)) return undefined;
  // a copy: the value is a view of all that was fetched with it
  return { meter: key, state: Uint8Array.from(value), heardAt, next, checkpoint };
}
