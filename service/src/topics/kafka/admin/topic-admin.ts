import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import { setTimeout } from 'node:timers/promises';
import type { Log } from '../../../telemetry/log.ts';
import { KafkaClient } from '../client.ts';
import { faultOf } from '../fault.ts';
import { PLAN, SQL_PLAN } from './plan.ts';
import type { PlannedTopic } from './plan.ts';
import type { KafkaSettings } from '../settings.ts';

const ATTEMPTS = 50;
const AGAIN_MS = 100;

/** How topics are made. */
interface TopicSizes {
  /** Of raw_power and what is keyed as it is. More partitions: more processes can share the work. */
  readonly partitions: number;
  /** Copies of each record; -1: as the cluster's default says. */
  readonly replication: number;
}

/** A topic beside its plan. */
export interface DescribedTopic {
  readonly topic: string;
  /** null where there is no such topic. */
  readonly partitions: number | null;
  readonly replication: number | null;
  readonly config: Readonly<Record<string, string>>;
  /** What differs from the plan, in words; empty where all is right. */
  readonly differences: readonly string[];
}

/** Makes and describes the topics that the product needs. */
export class TopicAdmin {
  readonly #client: KafkaClient;
  readonly #plan: readonly PlannedTopic[];

  /** @param sql with what streaming SQL writes */
  constructor(settings: KafkaSettings, log: Log, sql = false) {
    this.#client = new KafkaClient(settings, log);
    this.#plan = sql ? [...PLAN, ...SQL_PLAN] : PLAN;
  }

  /** Makes what is missing; the names of what it made. What is there is left as it is. */
  async create({ partitions, replication }: TopicSizes): Promise<string[]> {
    return this.#with(async (admin) => {
      const present = new Set(await admin.listTopics());
      const missing = this.#plan.filter(({ name }) => !present.has(this.#client.name(name)));
      if (missing.length === 0) return [];
      await admin.createTopics({
        waitForLeaders: false,
        topics: missing.map(({ name, partitions: own, config }) => ({
          topic: this.#client.name(name),
          numPartitions: own ?? partitions,
          replicationFactor: replication,
          configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
        })),
      });
      const made = missing.map(({ name }) => this.#client.name(name));
      await known(admin, made);
      return made;
    });
  }

  async describe(): Promise<DescribedTopic[]> {
    return this.#with(async (admin) => {
      const present = new Set(await admin.listTopics());
      const wanted = this.#plan.filter(({ name }) => present.has(this.#client.name(name)));
      const configs = await this.#configs(admin, wanted);
      const { topics } = await admin.fetchTopicMetadata({
        topics: wanted.map(({ name }) => this.#client.name(name)),
      });
      const counts = new Map(topics.map(({ name, partitions }) => [name, partitions]));
      const expected = counts.get(this.#client.name('raw_power'))?.length;
      return this.#plan.map((planned) => {
        const topic = this.#client.name(planned.name);
        const partitions = counts.get(topic);
        if (partitions === undefined) {
          const differences = ['is missing; make it with `lefton topics create`'];
          return { topic, partitions: null, replication: null, config: {}, differences };
        }
        const config = configs.get(topic) ?? {};
        const replication = partitions[0]?.replicas.length ?? null;
        const differences = differencesOf(planned, config, partitions.length, expected);
        return { topic, partitions: partitions.length, replication, config, differences };
      });
    });
  }

  async #configs(
    admin: Admin,
    wanted: readonly PlannedTopic[],
  ): Promise<Map<string, Record<string, string>>> {
    if (wanted.length === 0) return new Map();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: wanted.map(({ name, config }) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name: this.#client.name(name),
        configNames: Object.keys(config),
      })),
    });
    return new Map(
      resources.map(({ resourceName, configEntries }) => [
        resourceName,
        Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
      ]),
    );
  }

  async #with<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#client.admin();
    try {
      await admin.connect();
      return await work(admin);
    } catch (error) {
      throw faultOf(error, this.#client.settings.brokers.join(','));
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

/**
 * Resolves when every partition of new topics has a leader that answers. That a broker names a leader is not enough: it
 * names itself before it leads.
 */
async function known(admin: Admin, topics: readonly string[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      for (const topic of topics) await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await setTimeout(AGAIN_MS);
    }
  }
}

function differencesOf(
  planned: PlannedTopic,
  config: Readonly<Record<string, string>>,
  partitions: number,
  expected: number | undefined,
): string[] {
  const differences = Object.entries(planned.config)
    .filter(([key, value]) => config[key] !== value)
    .map(([key, value]) => `${key} is ${config[key] ?? 'not known'}, planned is ${value}`);
  const wanted = planned.partitions ?? expected;
  if (wanted !== undefined && partitions !== wanted && planned.name !== 'raw_power_dead')
    differences.push(`has ${partitions} partitions, needed are ${wanted}`);
  return differences;
}
