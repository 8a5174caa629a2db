import { DAY } from '@lefton/core';
import type { ModelTopic, Topic } from '../../../ports.ts';

/** The checkpoints of the meters' states, partitioned as raw_power is. */
export const STATE_TOPIC = 'meter_state';
/** How far sources have read. */
export const PROGRESS_TOPIC = 'source_progress';

/** What streaming SQL writes: sql/flink and sql/ksqldb. */
type OutputTopic = 'power_score' | 'power_above' | 'power_run';

/** A topic as it is to be made. */
export interface PlannedTopic {
  readonly name: Topic | ModelTopic | OutputTopic | typeof STATE_TOPIC | typeof PROGRESS_TOPIC;
  /** undefined: as many as raw_power. */
  readonly partitions?: number;
  readonly config: Readonly<Record<string, string>>;
}

const kept = (days: number): Record<string, string> => ({
  'cleanup.policy': 'delete',
  'retention.ms': String(days * DAY),
});
/** What is read at a takeover must not grow: a segment that is written is never compacted, so it must soon be full. */
const COMPACTED = {
  'cleanup.policy': 'compact',
  'min.cleanable.dirty.ratio': '0.2',
  'segment.ms': '600000',
  'segment.bytes': '67108864',
};

/** Days and sizes as the embedded transport has them. */
export const PLAN: readonly PlannedTopic[] = [
  // the broker's own clock: no producer can make a reading look late or early
  { name: 'raw_power', config: { ...kept(7), 'message.timestamp.type': 'LogAppendTime' } },
  { name: 'raw_power_dead', config: kept(30) },
  { name: 'anomaly_power', config: kept(400) },
  { name: STATE_TOPIC, config: COMPACTED },
  { name: PROGRESS_TOPIC, partitions: 1, config: COMPACTED },
  // the timestamp of a record says from when on it is valid
  { name: 'power_model', config: { ...COMPACTED, 'message.timestamp.type': 'CreateTime' } },
  { name: 'meter_zone', config: { ...COMPACTED, 'message.timestamp.type': 'CreateTime' } },
];

/** What streaming SQL needs besides. */
export const SQL_PLAN: readonly PlannedTopic[] = [
  { name: 'power_score', config: kept(7) },
  { name: 'power_above', config: kept(30) },
  { name: 'power_run', config: kept(400) },
];
