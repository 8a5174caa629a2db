import type { Log } from '../../../telemetry/log.ts';
import type { TopicRecord } from '../../../ports.ts';
import type { KafkaClient } from '../client.ts';
import { placesOf, Tail } from '../tail.ts';
import type { Places } from '../tail.ts';

/** The partition that a meter's records are in, up to its last: other meters have theirs there as well. */
export interface Stretch {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first record that stays; null where the records were not looked at. */
  readonly upTo: number | null;
  /** Records of the meter. */
  readonly records: number;
  /** What stands before its last record and goes with it. */
  readonly others: { readonly records: number; readonly meters: number };
  /** How long the topic keeps what is not purged; null: for good. */
  readonly retentionMs: number | null;
}

/** A part of a partition: its first offset, and the one after its last. */
export interface Part {
  readonly topic: string;
  readonly partition: number;
  readonly low: number;
  readonly end: number;
  /** The ends of all partitions of the topic. */
  readonly ends: Places;
}

/**
 * Reads a part of a partition and looks how far a meter's records go, and whose stand before its last.
 * @param isOwn whether a record is of the meter
 */
export async function lookedThrough(
  client: KafkaClient,
  { topic, partition, low, end, ends }: Part,
  isOwn: (record: TopicRecord) => boolean,
  log: Log,
): Promise<Pick<Stretch, 'upTo' | 'records' | 'others'>> {
  let [upTo, own, others] = [low, 0, 0];
  const meters = new Set<string>();
  /** Since the last record of the meter: they go only if another one of it comes. */
  let since: string[] = [];
  const over = new AbortController();
  const places = new Map(ends).set(partition, low);
  if (low < end)
    for await (const { records, after } of new Tail(client, topic, places, log).read(over.signal)) {
      for (const record of records) {
        const next = placesOf(record.position).get(partition) ?? low;
        if (next <= upTo || next > end) continue;
        if (!isOwn(record)) {
          since.push(record.key);
          continue;
        }
        for (const key of since) meters.add(key);
        others += since.length;
        own++;
        upTo = next;
        since = [];
      }
      if ((after.get(partition) ?? 0) >= end) break;
    }
  return { upTo, records: own, others: { records: others, meters: meters.size } };
}
