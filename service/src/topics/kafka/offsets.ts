import type { Admin } from 'kafkajs';

/** Where a group stands in a partition, and where its log begins and ends. */
export interface Offsets {
  /** What is before it has been told; undefined where the group has never committed, or nobody knows it any more. */
  readonly committed: number | undefined;
  readonly first: number;
  /** After the newest record. */
  readonly end: number;
}

export async function offsetsOf(
  admin: Admin,
  groupId: string,
  topic: string,
  partition: number,
): Promise<Offsets> {
  const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const ends = await admin.fetchTopicOffsets(topic);
  const { low = '0', high = '0' } = ends.find((each) => each.partition === partition) ?? {};
  const committed = Number(offsets?.partitions.find((each) => each.partition === partition)?.offset ?? -1);
  return { committed: committed < 0 ? undefined : committed, first: Number(low), end: Number(high) };
}
