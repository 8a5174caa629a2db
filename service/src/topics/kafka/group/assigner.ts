import { AssignerProtocol } from 'kafkajs';
import type { GroupMember, PartitionAssigner } from 'kafkajs';

const { MemberAssignment, MemberMetadata } = AssignerProtocol;

/** Members by id, with the partitions that each has now. */
type Owned = ReadonlyMap<string, readonly number[]>;

/**
 * Spreads `count` partitions over the members: each once, as evenly as can be, and what a member has stays with it
 * where that is even. Whoever has a partition of one topic has it of all.
 */
export function spread(owned: Owned, count: number): Map<string, number[]> {
  const members = [...owned.keys()].sort();
  const shares = new Map(members.map((member): [string, number[]] => [member, []]));
  const taken = new Set<number>();
  const floor = Math.floor(count / members.length);
  let larger = count % members.length;
  for (const member of members) {
    const share = shares.get(member) ?? [];
    const most = larger > 0 ? floor + 1 : floor;
    for (const partition of owned.get(member) ?? []) {
      if (share.length >= most || taken.has(partition) || partition < 0 || partition >= count) continue;
      share.push(partition);
      taken.add(partition);
    }
    if (share.length > floor) larger--;
  }
  for (let partition = 0; partition < count; partition++) {
    if (taken.has(partition)) continue;
    const [least] = [...shares].sort(([, a], [, b]) => a.length - b.length);
    least?.[1].push(partition);
  }
  return shares;
}

/** Assigns the same partitions of all topics to a member, so that readings and states are together. */
export function togetherAssigner(ownedNow: () => readonly number[]): PartitionAssigner {
  return ({ cluster }) => ({
    name: 'LeftOnTogether',
    version: 1,
    assign: ({ members, topics }) => {
      const counts = topics.map((topic) => cluster.findTopicPartitionMetadata(topic).length);
      const shares = spread(new Map(members.map(ownedBy)), Math.min(...counts));
      const assignments = [...shares].map(([memberId, partitions]) => {
        const assignment = Object.fromEntries(topics.map((topic) => [topic, partitions]));
        const userData = Buffer.alloc(0);
        return { memberId, memberAssignment: MemberAssignment.encode({ version: 1, assignment, userData }) };
      });
      return Promise.resolve(assignments);
    },
    protocol: ({ topics }) => ({
      name: 'LeftOnTogether',
      metadata: MemberMetadata.encode({
        version: 1,
        topics,
        userData: Buffer.from(ownedNow().join(',')),
      }),
    }),
  });
}

function ownedBy({ memberId, memberMetadata }: GroupMember): [string, number[]] {
  const text = MemberMetadata.decode(memberMetadata)?.userData.toString('utf8') ?? '';
  const partitions = text.split(',').map(Number);
  return [memberId, text === '' ? [] : partitions.filter((partition) => Number.isSafeInteger(partition))];
}
