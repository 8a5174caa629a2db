import { isTransient } from '@lefton/core';
import type { Admin } from 'kafkajs';
import { setTimeout } from 'node:timers/promises';
import { forgetRecord } from '../../forget/forget-record.ts';
import type { Log } from '../../telemetry/log.ts';
import { BEGINNING } from '../../ports.ts';
import type {
  Consumer,
  NewRecord,
  Outcome,
  Progress,
  Projection,
  Topic,
  TopicRecord,
  Topics,
} from '../../ports.ts';
import { untilDone } from '../../runtime/until-done.ts';
import { togetherAssigner } from './group/assigner.ts';
import { KafkaClient } from './client.ts';
import { faultOf } from './fault.ts';
import { soon } from './group/leaving.ts';
import { lagOf } from './admin/lag.ts';
import { Membership } from './group/membership.ts';
import { Mirror } from './mirror.ts';
import { Parcels } from './producing/parcels.ts';
import { PROGRESS_TOPIC, STATE_TOPIC } from './admin/plan.ts';
import { Producers } from './producing/producers.ts';
import { Scoring } from './scoring.ts';
import type { Onlooker } from './group/onlooker.ts';
import type { KafkaSettings } from './settings.ts';
import { isAt, placesOf, Tail } from './tail.ts';
import type { Places } from './tail.ts';

/** Partitions whose transactions run at the same time: each waits for the broker, not for the processor. */
const CONCURRENCY = 8;
const POLL_MS = 50;

/** Apache Kafka: offsets, produced records and states commit in one transaction; many processes share a group. */
export class KafkaTopics implements Topics {
  readonly #client: KafkaClient;
  readonly #projection: Projection;
  readonly #log: Log;
  readonly #onlooker: Onlooker | undefined;
  readonly #admin: Admin;
  readonly #producers: Producers;
  /** Sources of whose last transaction is not known whether it has committed: a broker died before it said. */
  readonly #doubtful = new Set<string>();
  readonly #closing = new AbortController();
  #connected: Promise<void> | undefined;
  #membership: Membership | undefined;
  #scoring: Scoring | undefined;

  /** @param projection called after the commit: a stop in between loses what it would have kept */
  constructor(settings: KafkaSettings, projection: Projection, log: Log, onlooker?: Onlooker) {
    this.#client = new KafkaClient(settings, log);
    this.#projection = projection;
    this.#log = log;
    this.#onlooker = onlooker;
    this.#admin = this.#client.admin();
    this.#producers = new Producers(this.#client);
  }

  async produce(records: readonly NewRecord[], progress?: Progress): Promise<void> {
    const parcels = new Parcels(this.#client);
    for (const record of records) parcels.put(record);
    if (progress === undefined) {
      await this.#producers.send(parcels);
      return;
    }
    const { source, position } = progress;
    if (this.#doubtful.has(source) && (await this.progress(source)) === position) return;
    parcels.add(PROGRESS_TOPIC, { key: source, value: position });
    this.#doubtful.add(source);
    await this.#producers.sendAs(source, parcels);
    this.#doubtful.delete(source);
  }

  /** Kafka keeps what its retention says, whoever lags: a producer is held up only while no broker takes its records. */
  room(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return Promise.resolve();
  }

  async progress(source: string): Promise<string | undefined> {
    // what this source had begun to write under the same name is over once its producer stands
    await this.#producers.shutOutOlder(source);
    let position: string | undefined;
    for await (const records of this.#whole(PROGRESS_TOPIC)) {
      for (const { key, value } of records)
        if (key === source) position = Buffer.from(value).toString('utf8');
    }
    this.#closing.signal.throwIfAborted();
    this.#doubtful.delete(source);
    return position;
  }

  async consume(consumer: Consumer, signal: AbortSignal): Promise<void> {
    const topics = [this.#client.name(consumer.topic), this.#client.name(STATE_TOPIC)];
    const group = this.#client.name(consumer.group);
    const membership: Membership = new Membership(this.#client, group, topics, this.#log, {
      partitionAssigners: [togetherAssigner(() => this.#scoring?.owned ?? [])],
    });
    this.#membership = membership;
    this.#scoring = new Scoring(
      ...([this.#client, this.#admin, consumer, this.#projection, membership, this.#log] as const),
      this.#onlooker,
    );
    await untilDone('no broker answers yet', () => this.#connect(), this.#log, signal);
    await membership.run(this.#scoring, CONCURRENCY, signal);
  }

  async commit(_consumer: Consumer, outcomes: readonly Outcome[]): Promise<void> {
    await this.#scoring?.commit(outcomes);
  }

  async *follow(
    topic: Topic,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<readonly TopicRecord[]> {
    const from = after === undefined || after === BEGINNING ? undefined : placesOf(after);
    const places = from ?? (await this.#ends(topic, after === BEGINNING ? 'low' : 'high'));
    const tail = new Tail(this.#client, this.#client.name(topic), places, this.#log);
    for await (const { records } of tail.read(signal)) if (records.length > 0) yield records;
  }

  async caughtUp(group: string, topic: Topic, signal: AbortSignal): Promise<void> {
    while ((await this.#lagIfKnown(group, topic)) !== 0) {
      await setTimeout(POLL_MS, undefined, { signal });
    }
  }

  async lag(group: string, topic: Topic): Promise<number> {
    await this.#connect();
    try {
      const [groupId, name] = [this.#client.name(group), this.#client.name(topic)];
      const lags = await lagOf(this.#admin, groupId, name, (id) => this.#scoring?.committed(id));
      for (const id of this.#scoring?.owned ?? []) this.#onlooker?.isBehind(name, id, lags.get(id) ?? 0);
      return [...lags.values()].reduce((sum, lag) => sum + lag, 0);
    } catch (error) {
      throw faultOf(error, topic);
    }
  }

  /** Asks all that score or tell to forget a meter, and empties its place among the states. */
  async forget(meter: string): Promise<void> {
    const parcels = new Parcels(this.#client);
    for (const topic of ['raw_power', 'anomaly_power'] as const) parcels.put(forgetRecord(topic, meter));
    parcels.add(STATE_TOPIC, { key: meter, value: null });
    await this.#producers.send(parcels);
  }

  /** What is to copy a topic into this process's own transport. */
  mirror(topic: Topic, to: Topics, forget?: (meter: string) => Promise<void>): Mirror {
    return new Mirror(this.#client, topic, to, (end) => this.#ends(topic, end), this.#log, forget);
  }

  trouble(): string | undefined {
    if (this.#membership === undefined) return 'no broker has answered yet';
    return this.#membership.trouble() ?? this.#scoring?.trouble();
  }

  /** Leaves the cluster; what consumes and follows has been aborted before. */
  async close(): Promise<void> {
    this.#closing.abort();
    await soon(Promise.all([this.#producers.close(), this.#admin.disconnect().catch(() => undefined)]));
  }

  /** All that a topic holds now. */
  async *#whole(topic: Topic | typeof PROGRESS_TOPIC): AsyncGenerator<readonly TopicRecord[]> {
    const ends = await this.#ends(topic, 'high');
    const from = await this.#ends(topic, 'low');
    const tail = new Tail(this.#client, this.#client.name(topic), from, this.#log);
    if (isAt(from, ends)) return;
    for await (const { records, after } of tail.read(this.#closing.signal)) {
      yield records;
      if (isAt(after, ends)) return;
    }
  }

  async #ends(topic: Topic | typeof PROGRESS_TOPIC, end: 'low' | 'high'): Promise<Places> {
    await this.#connect();
    try {
      const offsets = await this.#admin.fetchTopicOffsets(this.#client.name(topic));
      return new Map(offsets.map((each) => [each.partition, Number(each[end])]));
    } catch (error) {
      throw faultOf(error, topic);
    }
  }

  /** undefined while the cluster cannot say, as when a coordinator moves. */
  async #lagIfKnown(group: string, topic: Topic): Promise<number | undefined> {
    try {
      return await this.lag(group, topic);
    } catch (error) {
      if (!isTransient(error)) throw error;
      return undefined;
    }
  }

  async #connect(): Promise<void> {
    this.#connected ??= this.#admin.connect();
    try {
      await this.#connected;
    } catch (error) {
      this.#connected = undefined;
      throw faultOf(error, 'brokers');
    }
  }
}
