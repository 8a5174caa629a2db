import type { Admin, Consumer as KafkaConsumer, EachBatchPayload } from 'kafkajs';
import type { Log } from '../../telemetry/log.ts';
import type { Consumer, Outcome, Projection } from '../../ports.ts';
import type { KafkaClient } from './client.ts';
import { faultOf } from './fault.ts';
import type { Member, Membership } from './group/membership.ts';
import type { Onlooker } from './group/onlooker.ts';
import type { Owner } from './group/owner.ts';
import { PartitionCounts } from './group/partition-counts.ts';
import { OwnedPartition } from './partition/partition.ts';
import { Rebuilds } from './group/rebuilds.ts';
import { States } from './partition/states.ts';
import { AGAIN_MS, Takeovers } from './group/takeovers.ts';

/** Takes partitions over as they are assigned, with the states of their meters, and folds what is read of them. */
export class Scoring implements Member {
  readonly #client: KafkaClient;
  readonly #port: Consumer;
  readonly #projection: Projection;
  readonly #membership: Membership;
  readonly #log: Log;
  readonly #onlooker: Onlooker | undefined;
  readonly #input: string;
  readonly #states: States;
  readonly #rebuilds: Rebuilds;
  readonly #takeovers: Takeovers;
  readonly #counts: PartitionCounts;
  readonly #partitions = new Map<number, OwnedPartition>();
  readonly #owner: Owner = {
    failed: (partition, error) => {
      this.#again(partition, error);
    },
    committed: (partition) => {
      this.#rebuilds.look(partition);
    },
    missed: (partition, records) => {
      this.#takeovers.tellMissed(partition, records);
    },
  };
  #consumer: KafkaConsumer | undefined;

  constructor(
    client: KafkaClient,
    admin: Admin,
    port: Consumer,
    projection: Projection,
    membership: Membership,
    log: Log,
    onlooker?: Onlooker,
  ) {
    this.#onlooker = onlooker;
    this.#rebuilds = new Rebuilds(onlooker);
    this.#client = client;
    this.#port = port;
    this.#projection = projection;
    this.#membership = membership;
    this.#log = log;
    this.#input = client.name(port.topic);
    this.#states = new States(client, admin);
    this.#counts = new PartitionCounts(admin, this.#input, this.#states.topic, log);
    this.#takeovers = new Takeovers(client, admin, port, this.#states, log, onlooker);
  }

  /** Partitions that this process has. */
  get owned(): number[] {
    return [...this.#partitions.keys()];
  }

  /** Why some of what is assigned is not scored yet; undefined when all is. */
  trouble(): string | undefined {
    const all = [...this.#partitions.values()];
    const stuck = all.filter((each) => each.stuck).length;
    if (stuck > 0) return `nothing commits in ${stuck} of the partitions: the log says why`;
    const waiting = all.filter(({ ready }) => !ready).length;
    return waiting === 0 ? this.#counts.unshared : `${waiting} partitions are being taken over`;
  }

  /** Offset up to which a partition is folded and committed here; undefined when it is not ours. */
  committed(partition: number): number | undefined {
    const owned = this.#partitions.get(partition);
    return owned?.ready === true ? owned.committed : undefined;
  }

  joined(
    assigned: Readonly<Record<string, readonly number[]>>,
    consumer: KafkaConsumer,
    waitedMs: number,
  ): void {
    this.#consumer = consumer;
    this.#onlooker?.sharedOut(waitedMs / 1_000);
    const now = new Set(assigned[this.#input]);
    for (const partition of [...this.#partitions.values()]) {
      // what was being taken over begins anew: the membership has forgotten where it read
      if (!now.has(partition.id) || !partition.ready) void this.#giveUp(partition);
      else partition.seek(consumer);
    }
    if (now.size > 0) consumer.pause([{ topic: this.#states.topic, partitions: [...now] }]);
    for (const id of now) {
      if (this.#partitions.has(id)) continue;
      const partition = new OwnedPartition(
        ...([id, this.#client, this.#port, this.#projection, this.#owner] as const),
      );
      this.#partitions.set(id, partition);
      this.#takeOver(partition, 0);
    }
    this.#onlooker?.owns(this.#partitions.size);
    void this.#counts.look();
  }

  async read(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    if (!payload.isRunning() || payload.isStale()) return;
    if (batch.topic === this.#states.topic) {
      this.#states.take(batch.partition, batch.messages);
      payload.resolveOffset(batch.lastOffset());
      return;
    }
    const partition = this.#partitions.get(batch.partition);
    if (partition?.ready !== true) return;
    // the next batch is fetched while this one commits
    await new Promise<void>((folded) => {
      partition
        .take(batch, folded)
        .catch((error: unknown) => {
          this.#again(partition, error);
        })
        .finally(folded);
    });
    payload.resolveOffset(batch.lastOffset());
  }

  reached(topic: string, partition: number, next: number): void {
    if (topic === this.#states.topic) this.#states.reached(partition, next);
    const owned = topic === this.#input ? this.#partitions.get(partition) : undefined;
    if (owned === undefined) return;
    owned.fetch.pass(next);
    this.#rebuilds.look(owned);
  }

  async left(): Promise<void> {
    this.#consumer = undefined;
    await Promise.all([...this.#partitions.values()].map((partition) => this.#giveUp(partition)));
    this.#onlooker?.owns(0);
  }

  /** Commits what no record caused, each by who has its meter: what does not commit is not counted. */
  async commit(outcomes: readonly Outcome[]): Promise<void> {
    const faults: unknown[] = [];
    for (const partition of [...this.#partitions.values()]) {
      const ours = outcomes.filter(({ produce }) => produce.some(({ key }) => partition.meters.has(key)));
      if (ours.length === 0) continue;
      const meters = new Set(ours.flatMap(({ produce }) => produce.map(({ key }) => key)));
      try {
        await partition.commit(ours, meters);
      } catch (error) {
        // the others have folded their part too
        this.#again(partition, error);
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faultOf(faults[0], this.#input);
  }

  #takeOver(partition: OwnedPartition, waitMs: number): void {
    const consumer = this.#consumer;
    if (consumer === undefined) return;
    partition.ready = false;
    this.#rebuilds.begin(partition);
    consumer.pause([{ topic: this.#input, partitions: [partition.id] }]);
    const gone = (): boolean => partition.closed || consumer !== this.#consumer;
    this.#takeovers
      .run(partition, consumer, waitMs, gone)
      .then(() => {
        this.#rebuilds.look(partition);
      })
      .catch((error: unknown) => {
        if (!gone()) this.#membership.fail(error);
      });
  }

  /** What was folded did not commit: the partition is taken over anew, from what is committed. */
  #again(partition: OwnedPartition, error: unknown): void {
    // somebody else has it, or we have it anew
    if (this.#partitions.get(partition.id) !== partition) return;
    try {
      const fault = faultOf(error, `${this.#input} partition ${partition.id}`);
      if (fault.faultClass !== 'transient') throw fault;
      this.#log.warn('a batch did not commit and is tried again', { code: fault.code, why: fault.message });
      this.#takeOver(partition, AGAIN_MS);
    } catch (fatal) {
      this.#membership.fail(fatal);
    }
  }

  async #giveUp(partition: OwnedPartition): Promise<void> {
    this.#partitions.delete(partition.id);
    this.#rebuilds.end(partition);
    this.#port.restore(partition.meters, []);
    await partition.close();
  }
}
