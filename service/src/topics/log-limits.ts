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

/**
 * The limits where single meters are kept for other days: what was told of one that is kept longer stays for its days. Its
 * readings and what was no reading do not: they have passed, and what people look at has a table.
 */
export function limitsFor(keepDays: Readonly<Record<string, number>>): LogLimits {
  const { retentionDays } = defaultLogLimits;
  const told = Math.max(retentionDays.anomaly_power, ...Object.values(keepDays));
  return { ...defaultLogLimits, retentionDays: { ...retentionDays, anomaly_power: told } };
}
