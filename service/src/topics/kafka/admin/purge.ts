import { LeftOnError } from '@lefton/core';
import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import type { Log } from '../../../telemetry/log.ts';
import type { Topic, TopicRecord } from '../../../ports.ts';
import { KafkaClient } from '../client.ts';
import { faultOf } from '../fault.ts';
import type { KafkaSettings } from '../settings.ts';
import { lookedThrough } from './stretch.ts';
import type { Stretch } from './stretch.ts';

/** Topics that no tombstone empties: records stay until their retention is over. */
const KEPT_BY_TIME: readonly Topic[] = ['raw_power', 'raw_power_dead', 'anomaly_power'];
const SCORERS = 'scorer';
const NONE = { records: 0, meters: 0 };

/**
 * Deletes the part of a meter's partitions up to its last record. Kafka deletes from the beginning of a partition only, so
 * what other meters have there goes as well: `plan` says how much.
 */
export class Purge {
  readonly #client: KafkaClient;
  readonly #log: Log;

  constructor(settings: KafkaSettings, log: Log) {
    this.#client = new KafkaClient(settings, log);
    this.#log = log;
  }

  /**
   * Where a meter's records are, and with `olderThanMs` what would go; the older part of a partition is read for it.
   * @param olderThanMs what came later stays: who takes a partition over folds the last minutes again
   * @throws LeftOnError `not_scored` while readings wait there that nobody has scored
   */
  async plan(meter: string, olderThanMs: number | undefined, now: number): Promise<Stretch[]> {
    return this.#withAdmin(async (admin) => {
      const found: Stretch[] = [];
      for (const topic of KEPT_BY_TIME) {
        const before = olderThanMs === undefined ? undefined : now - olderThanMs;
        found.push(await this.#stretch(admin, topic, meter, before));
      }
      return found;
    });
  }

  /** Deletes what was planned. */
  async run(planned: readonly Stretch[]): Promise<void> {
    await this.#withAdmin(async (admin) => {
      for (const { topic, partition, upTo, records } of planned) {
        if (upTo === null || records === 0) continue;
        // the client deletes only where it has asked for the leaders before
        await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(upTo) }] });
      }
    });
  }

  async #withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#client.admin();
    try {
      await admin.connect();
      return await work(admin);
    } catch (error) {
      throw faultOf(error, 'purge');
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  async #stretch(admin: Admin, own: Topic, meter: string, before: number | undefined): Promise<Stretch> {
    const topic = this.#client.name(own);
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitionMetadata = topics[0]?.partitions ?? [];
    const choose = kafkajs.Partitioners.DefaultPartitioner();
    const partition = choose({ topic, partitionMetadata, message: { key: meter, value: null } });
    const place = { topic, partition, retentionMs: await keptMs(admin, topic) };
    if (before === undefined) return { ...place, upTo: null, records: 0, others: NONE };
    const offsets = await admin.fetchTopicOffsets(topic);
    const ends = new Map(offsets.map((each) => [each.partition, Number(each.high)]));
    const low = Number(offsets.find((each) => each.partition === partition)?.low ?? 0);
    const later = await admin.fetchTopicOffsetsByTimestamp(topic, before);
    const first = Number(later.find((each) => each.partition === partition)?.offset ?? -1);
    const high = ends.get(partition) ?? 0;
    // no later record: all of it is older
    const end = first < 0 ? high : Math.min(first, high);
    const isOwn = own === 'raw_power_dead' ? mentions(meter) : ({ key }: TopicRecord) => key === meter;
    const looked = await lookedThrough(this.#client, { topic, partition, low, end, ends }, isOwn, this.#log);
    if (own === 'raw_power' && looked.records > 0)
      await this.#scored(admin, topic, partition, looked.upTo ?? 0);
    return { ...place, ...looked };
  }

  async #scored(admin: Admin, topic: string, partition: number, upTo: number): Promise<void> {
    const groupId = this.#client.name(SCORERS);
    const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const committed = Number(offsets?.partitions.find((each) => each.partition === partition)?.offset ?? -1);
    // -1: nobody has ever scored here
    if (committed < 0 || committed >= upTo) return;
    throw new LeftOnError({
      ...{ code: 'not_scored', place: `${topic} partition ${partition}`, faultClass: 'fatal' },
      expected: 'all readings to be scored before any is deleted; try again when they are',
      found: `${upTo - committed} that are not`,
    });
  }
}

/** A dead letter may be of any meter: as soon as it mentions this one, it counts as its own. */
function mentions(meter: string): (record: TopicRecord) => boolean {
  const bytes = Buffer.from(meter);
  return ({ key, value, headers }) =>
    key === meter ||
    Buffer.from(value.buffer, value.byteOffset, value.byteLength).includes(bytes) ||
    Object.values(headers).some((text) => text.includes(meter));
}

async function keptMs(admin: Admin, topic: string): Promise<number | null> {
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const resources = [{ type, name: topic, configNames: ['retention.ms'] }];
  const answer = await admin.describeConfigs({ includeSynonyms: false, resources });
  const kept = Number(answer.resources[0]?.configEntries[0]?.configValue ?? -1);
  return kept < 0 ? null : kept;
}
