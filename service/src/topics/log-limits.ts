import type { Topic } from '../ports.ts';

/** How much the logs may hold. */
export interface LogLimits {
  /** Unconsumed records of raw_power from which on a producer is refused. */
  readonly maxLag: number;
  /** Records are kept this long, in days; readings that are not scored yet always. */
  readonly retentionDays: Readonly<Record<Topic, number>>;
  /** Of each topic, at most so many records are kept, whatever their age. */
  readonly maxRecords: number;
}

export const defaultLogLimits: LogLimits = {
  maxLag: 100_000,
  retentionDays: { raw_power: 7, raw_power_dead: 30, anomaly_power: 400 },
  maxRecords: 2_000_000,
};
