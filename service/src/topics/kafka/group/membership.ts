import { LeftOnError } from '@lefton/core';
import type { Consumer, ConsumerConfig, EachBatchPayload } from 'kafkajs';
import { setTimeout } from 'node:timers/promises';
import type { Log } from '../../../telemetry/log.ts';
import type { KafkaClient } from '../client.ts';
import { faultOf } from '../fault.ts';
import { soon } from './leaving.ts';

const AGAIN_MS = 1_000;
/** Nothing heard for so long: the cluster does not answer. */
const QUIET_MS = 15_000;
/** How long nothing may be heard before the client is taken for stuck and made anew, and how often that is looked at. */
const PATIENCE = { stuckMs: 60_000, watchMs: 1_000 };

const stuck = (group: string): LeftOnError =>
  new LeftOnError({
    code: 'kafka_stuck',
    place: `consumer group ${group}`,
    expected: 'the client to hear from the brokers',
    found: 'nothing for too long',
    faultClass: 'transient',
  });

/** What a member of a consumer group does. */
export interface Member {
  /**
   * What the member is to read now, by topic; called before anything of it is read.
   * @param waitedMs how long the members took to agree on it
   */
  joined(assigned: Readonly<Record<string, readonly number[]>>, consumer: Consumer, waitedMs: number): void;
  /** Reads a batch; what is thrown ends the membership, and another begins. */
  read(payload: EachBatchPayload): Promise<void>;
  /** Everything before `next` of a partition has been read, markers of transactions included. */
  reached(topic: string, partition: number, next: number): void;
  /** The membership is over: nothing is assigned any more. */
  left(): Promise<void>;
}

/**
 * A membership of a consumer group that goes on until it is aborted. kafkajs ends a consumer for good after some faults
 * and can get stuck in others, with the process alive: here both are noticed, and a new one takes its place.
 */
export class Membership {
  readonly #client: KafkaClient;
  readonly #groupId: string;
  readonly #topics: readonly string[];
  readonly #config: Partial<ConsumerConfig>;
  readonly #log: Log;
  readonly #patience: typeof PATIENCE;
  #heardAt = performance.now();
  #everJoined = false;
  #fail: (error: unknown) => void = () => undefined;

  constructor(
    client: KafkaClient,
    groupId: string,
    topics: readonly string[],
    log: Log,
    config: Partial<ConsumerConfig> = {},
    patience = PATIENCE,
  ) {
    this.#patience = patience;
    this.#client = client;
    this.#groupId = groupId;
    this.#topics = topics;
    this.#log = log;
    this.#config = config;
  }

  /** Why nothing is read now; undefined while all is well. */
  trouble(): string | undefined {
    if (!this.#everJoined) return 'Kafka has not let us in yet';
    const quiet = performance.now() - this.#heardAt;
    return quiet < QUIET_MS ? undefined : `no answer from Kafka for ${Math.round(quiet / 1000)} s`;
  }

  /** Ends the present consumer with a fault. */
  fail(error: unknown): void {
    this.#fail(error);
  }

  /** @throws LeftOnError fatal: no other attempt would do better */
  async run(member: Member, concurrency: number, signal: AbortSignal): Promise<void> {
    this.#heardAt = performance.now();
    while (!signal.aborted) {
      try {
        await this.#once(member, concurrency, signal);
      } catch (error) {
        const fault = faultOf(this.#client.explained(error), `consumer group ${this.#groupId}`);
        if (fault.faultClass !== 'transient') throw fault;
        this.#log.warn('a consumer is made anew', { group: this.#groupId, why: fault.message });
        await setTimeout(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #once(member: Member, concurrency: number, signal: AbortSignal): Promise<void> {
    const consumer = this.#client.consumer(this.#groupId, this.#config);
    const { promise: failed, reject } = Promise.withResolvers<never>();
    this.#fail = reject;
    const began = performance.now();
    const watch = setInterval(() => {
      const since = Math.max(this.#heardAt, began);
      if (performance.now() - since > this.#patience.stuckMs) reject(stuck(this.#groupId));
    }, this.#patience.watchMs);
    const { promise: aborted, resolve: abort } = Promise.withResolvers<undefined>();
    const onAbort = (): void => {
      abort(undefined);
    };
    signal.addEventListener('abort', onAbort);
    this.#listen(consumer, member, reject);
    const start = async (): Promise<never> => {
      await consumer.connect();
      await consumer.subscribe({ topics: [...this.#topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: concurrency,
        eachBatch: (payload) => member.read(payload),
      });
      return failed;
    };
    try {
      await Promise.race([start(), failed, aborted]);
    } finally {
      clearInterval(watch);
      signal.removeEventListener('abort', onAbort);
      await soon(consumer.disconnect().catch(() => undefined));
      await soon(member.left());
    }
  }

  #listen(consumer: Consumer, member: Member, reject: (error: unknown) => void): void {
    const { FETCH, HEARTBEAT, GROUP_JOIN, CRASH, END_BATCH_PROCESS } = consumer.events;
    const hear = (): void => {
      this.#heardAt = performance.now();
    };
    consumer.on(FETCH, hear);
    consumer.on(HEARTBEAT, hear);
    consumer.on(GROUP_JOIN, ({ payload }) => {
      hear();
      this.#everJoined = true;
      member.joined(payload.memberAssignment, consumer, payload.duration);
    });
    consumer.on(CRASH, ({ payload }) => {
      reject(payload.error);
    });
    consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset } }) => {
      member.reached(topic, partition, Number(lastOffset) + 1);
    });
  }
}
