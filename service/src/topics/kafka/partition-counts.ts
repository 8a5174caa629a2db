import type { Admin } from 'kafkajs';

/**
 * Why some partitions of the input are nobody's: there are none of the states beside them; undefined where all are shared.
 * @param input with the prefix, as `states`
 */
export async function unsharedOf(admin: Admin, input: string, states: string): Promise<string | undefined> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [input, states] });
  const [read = 0, kept = 0] = [input, states].map(
    (topic) => topics.find(({ name }) => name === topic)?.partitions.length,
  );
  if (read <= kept) return undefined;
  return `only ${kept} of the ${read} partitions of ${input} are scored, as ${states} has no more: stop all processes and give it as many`;
}
