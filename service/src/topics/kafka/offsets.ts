import type { Admin } from 'kafkajs';

/** Where a group stands in a partition, and where its log begins. */
export interface Offsets {
  /** What is before it has been told; the first where nothing has. */
  readonly committed: number;
  readonly first: number;
}

export async function offsetsOf(
  admin: Admin,
  groupId: string,
  topic: string,
  partition: number,
): Promise<Offsets> {
  const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const ends = await admin.fetchTopicOffsets(topic);
  const first = Number(ends.find((each) => each.partition === partition)?.low ?? 0);
  const committed = Number(offsets?.partitions.find((each) => each.partition === partition)?.offset ?? -1);
  return { committed: committed < 0 ? first : committed, first };
}
