import type { Admin } from 'kafkajs';

/**
 * What is wrong with topics that are to have equally many partitions; undefined where they do.
 * @param topics with the prefix
 */
export async function unevenOf(admin: Admin, topics: readonly string[]): Promise<string | undefined> {
  const told = await admin.fetchTopicMetadata({ topics: [...topics] });
  const counts = told.topics.map(({ name, partitions }) => [name, partitions.length] as const);
  if (new Set(counts.map(([, count]) => count)).size === 1) return undefined;
  const each = counts.map(([name, count]) => `${name} has ${count}`).join(', ');
  return `only some of the partitions are scored, as ${each}: stop all processes and give both as many`;
}
