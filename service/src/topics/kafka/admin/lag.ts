import type { Admin } from 'kafkajs';

/**
 * Records of each partition that a group has not committed yet.
 * @param topic with the prefix, as the group
 * @param known what this process knows to be read: the end of a log may be a marker, which nobody commits
 */
export async function lagOf(
  admin: Admin,
  groupId: string,
  topic: string,
  known: (partition: number) => number | undefined,
): Promise<Map<number, number>> {
  const ends = await admin.fetchTopicOffsets(topic);
  const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const committed = new Map(offsets?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  return new Map(
    ends.map(({ partition, low, high }) => {
      const next = Math.max(committed.get(partition) ?? -1, Number(low), known(partition) ?? 0);
      return [partition, Math.max(0, Number(high) - next)];
    }),
  );
}
