import { HOUR, MINUTE } from '@lefton/core';
import type { ChannelName, Severity } from '../channel.ts';
import type { QuietHours } from './daily.ts';

/** How one channel is to be used. */
export interface ChannelRules {
  /** What matters less is not told here, or in the digest. */
  readonly severity: Severity;
  /** Also what a newer event of the same episode has overtaken: for terminals and machines, which keep a record. */
  readonly everyEvent: boolean;
  readonly quietHours: QuietHours | null;
  /** From this on the quiet hours do not count. */
  readonly quietPasses: Severity;
  /** Also while nobody is at home. */
  readonly whenAway: boolean;
  /** Between the beginnings of two episodes of one meter. */
  readonly cooldownMs: number;
  readonly mostPerHour: number;
  /** In a calendar month of the home. */
  readonly mostPerMonth: number;
  /** What is older is not told any more. */
  readonly maxAgeMs: number;
  /** Minute of the local day at which what matters less is told, all in one; null: it is not told. */
  readonly digestAt: number | null;
  /** Who stands in when this one fails; null: the next one that is set up. */
  readonly fallback: ChannelName | null;
}

const push: ChannelRules = {
  severity: 'info',
  everyEvent: false,
  quietHours: null,
  quietPasses: 'critical',
  whenAway: true,
  cooldownMs: 30 * MINUTE,
  mostPerHour: 6,
  mostPerMonth: 100,
  maxAgeMs: 12 * HOUR,
  digestAt: null,
  fallback: null,
};

/** For a terminal or a machine: all of it, at once. */
const record: ChannelRules = {
  ...push,
  everyEvent: true,
  cooldownMs: 0,
  mostPerHour: Infinity,
  mostPerMonth: Infinity,
  maxAgeMs: Infinity,
};

/** Spoken is only what calls for somebody, soon or never, and at night only what is worth waking for. */
const speech: ChannelRules = {
  ...push,
  severity: 'warning',
  quietHours: { from: 22 * 60, to: 7 * 60 },
  whenAway: false,
  mostPerHour: 4,
  maxAgeMs: 15 * MINUTE,
};

export const defaultRules: Readonly<Record<ChannelName, ChannelRules>> = {
  phone: push,
  pushbullet: push,
  ntfy: push,
  webhook: { ...record, maxAgeMs: 24 * HOUR },
  dashboard: push,
  speech,
  console: record,
};
