import { LeftOnError } from '@lefton/core';
import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import type { Log } from '../../log.ts';
import type { Topic } from '../../ports.ts';
import { KafkaClient } from './client.ts';
import { faultOf } from './fault.ts';
import type { KafkaSettings } from './settings.ts';

/** Topics that no tombstone empties: records stay until their retention is over. */
const KEPT_BY_TIME: readonly Topic[] = ['raw_power', 'raw_power_dead', 'anomaly_power'];
const SCORERS = 'scorer';

/** The partition that a meter's records are in, up to an offset: other meters have theirs there as well. */
export interface Stretch {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first record that stays. */
  readonly upTo: number;
  /** Offsets before that. */
  readonly records: number;
  /** How long the topic keeps what is not purged; null: for good. */
  readonly retentionMs: number | null;
}

/** Deletes the older part of a meter's partitions, with all that stands there. */
export class Purge {
  readonly #client: KafkaClient;

  constructor(settings: KafkaSettings, log: Log) {
    this.#client = new KafkaClient(settings, log);
  }

  /**
   * @param olderThanMs what came later stays: who takes a partition over folds the last minutes again
   * @throws LeftOnError `not_scored` while readings wait there that nobody has scored
   */
  async of(meter: string, olderThanMs: number, now: number, yes: boolean): Promise<Stretch[]> {
    const admin = this.#client.admin();
    try {
      await admin.connect();
      const found: Stretch[] = [];
      for (const topic of KEPT_BY_TIME)
        found.push(await this.#stretch(admin, topic, meter, now - olderThanMs));
      if (!yes) return found;
      for (const { topic, partition, upTo, records } of found) {
        if (records === 0) continue;
        await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(upTo) }] });
      }
      return found;
    } catch (error) {
      throw faultOf(error, 'purge');
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  async #stretch(admin: Admin, own: Topic, meter: string, before: number): Promise<Stretch> {
    const topic = this.#client.name(own);
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitionMetadata = topics[0]?.partitions ?? [];
    const choose = kafkajs.Partitioners.DefaultPartitioner();
    const partition = choose({ topic, partitionMetadata, message: { key: meter, value: null } });
    const ends = (await admin.fetchTopicOffsets(topic)).find((each) => each.partition === partition);
    const [low, high] = [Number(ends?.low ?? 0), Number(ends?.high ?? 0)];
    const later = await admin.fetchTopicOffsetsByTimestamp(topic, before);
    const first = Number(later.find((each) => each.partition === partition)?.offset ?? -1);
    // no later record: all of it is older
    const upTo = first < 0 ? high : Math.min(first, high);
    if (own === 'raw_power') await this.#scored(admin, topic, partition, upTo);
    return {
      topic,
      partition,
      upTo,
      records: Math.max(0, upTo - low),
      retentionMs: await keptMs(admin, topic),
    };
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

async function keptMs(admin: Admin, topic: string): Promise<number | null> {
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const resources = [{ type, name: topic, configNames: ['retention.ms'] }];
  const answer = await admin.describeConfigs({ includeSynonyms: false, resources });
  const kept = Number(answer.resources[0]?.configEntries[0]?.configValue ?? -1);
  return kept < 0 ? null : kept;
}
