import type { AnomalyEvent } from '../event.ts';
import { HOUR, MINUTE } from '../time.ts';
import type { Instant, Stretch } from '../time.ts';

/** One alarm. at: when it was told; to: the last instant at which it was still on (inclusive). */
export interface Alarm {
  readonly at: Instant;
  readonly to: Instant;
}

/** The three numbers of a detector, and what they are made of. Shares are 0..1, null where there was nothing to find. */
export interface Evaluation {
  readonly windows: number;
  readonly found: number;
  readonly recall: number | null;
  /** Share of all windows, found or not. */
  readonly recallWithinHour: number | null;
  /** From the start of the window to the alarm, over the windows that were found. */
  readonly medianDelayMs: number | null;
  readonly falseAlarms: number;
  readonly cleanDays: number;
  /** Really met: null without clean days. */
  readonly falseAlarmsPer30Days: number | null;
  /** One per window, in its order; null = not found. */
  readonly delaysMs: readonly (number | null)[];
}

/** Alarms closer than this are one. */
export const QUIET_MS = 60 * MINUTE;

/** Two runs of one detector over the same grid: as the home was, and with the windows' loads added. */
export interface Runs {
  readonly startAt: Instant;
  readonly stepMs: number;
  /** 1 where the alarm was on; one entry per step. */
  readonly cleanOn: Uint8Array;
  readonly injectedOn: Uint8Array;
  /** First step that is tested; the ones before are history. */
  readonly cut: number;
  readonly windows: readonly Stretch[];
  /** Known days from the cut on. */
  readonly cleanDays: number;
}

/**
 * The bench's reading: a window is found when the alarm is on inside it at a step where it is not on in the clean run;
 * false alarms are those of the clean run. Source: shared/detector.md, the protocol.
 */
export function evaluateRuns(runs: Runs): Evaluation {
  const { startAt, stepMs, cleanOn, injectedOn } = runs;
  const delaysMs = runs.windows.map(({ from, to }) => {
    const end = Math.min(injectedOn.length, Math.ceil((to - startAt) / stepMs));
    for (let i = Math.max(0, Math.ceil((from - startAt) / stepMs)); i < end; i++) {
      if (injectedOn[i] === 1 && cleanOn[i] !== 1) return startAt + i * stepMs - from;
    }
    return null;
  });
  return summarise(delaysMs, countAlarms(cleanOn, stepMs, runs.cut), runs.cleanDays);
}

/** Several draws of appliances over the same weeks as one; the weeks as they were are those of the first. */
export function pooled(draws: readonly Evaluation[]): Evaluation {
  const { falseAlarms = 0, cleanDays = 0 } = draws[0] ?? {};
  return summarise(
    draws.flatMap(({ delaysMs }) => delaysMs),
    falseAlarms,
    cleanDays,
  );
}

/** What a backtest told, against what people say was left on. */
export interface Told {
  readonly alarms: readonly Alarm[];
  readonly windows: readonly Stretch[];
  /** Known days outside the windows. */
  readonly cleanDays: number;
  /** An alarm told this long after the end of a window is late: neither a find nor a false alarm. */
  readonly graceMs?: number;
}

/**
 * The backtest's reading, where no clean run exists: an alarm told inside a window is true, and finds every window it
 * is on in. One that was already on when the window began says nothing about it. Alarms closer than an hour are one;
 * such a group is false when none of it was told in a window or its grace.
 */
export function evaluateAlarms({ alarms, windows, cleanDays, graceMs = QUIET_MS }: Told): Evaluation {
  const sorted = [...alarms].sort((a, b) => a.at - b.at);
  const told = (alarm: Alarm, after: number): boolean =>
    windows.some(({ from, to }) => alarm.at >= from && alarm.at < to + after);
  const hits = sorted.filter((alarm) => told(alarm, 0));
  const delaysMs = windows.map(({ from, to }) => {
    const hit = hits.find((alarm) => alarm.to >= from && alarm.at < to);
    return hit === undefined ? null : Math.max(0, hit.at - from);
  });
  let falseAlarms = 0;
  let excused = true;
  let last = -Infinity;
  for (const alarm of sorted) {
    if (alarm.at - last > QUIET_MS) {
      if (!excused) falseAlarms++;
      excused = false;
    }
    excused ||= told(alarm, graceMs);
    last = Math.max(last, alarm.to);
  }
  return summarise(delaysMs, excused ? falseAlarms : falseAlarms + 1, cleanDays);
}

/** The alarms among a backtest's events, one per episode. until: end of the history, where an open episode is cut. */
export function alarmsOf(events: Iterable<AnomalyEvent>, until: Instant): readonly Alarm[] {
  const alarms: { at: Instant; to: Instant }[] = [];
  for (const event of events) {
    const last = alarms[alarms.length - 1];
    if (event.type === 'opened') alarms.push({ at: event.at, to: until });
    else if (event.type === 'closed' && last !== undefined) last.to = event.until ?? event.at;
  }
  return alarms;
}

/** Alarms that begin at or after step `from`; ones closer than an hour are one, also across `from`. on: 1 per step. */
export function countAlarms(on: Uint8Array, stepMs: number, from = 0): number {
  const quiet = QUIET_MS / stepMs;
  let count = 0;
  let last = -Infinity;
  for (let i = on.indexOf(1); i >= 0 && i < on.length; i++) {
    if (on[i] !== 1) continue;
    if (i - last > quiet && i >= from) count++;
    last = i;
  }
  return count;
}

function summarise(delaysMs: readonly (number | null)[], falseAlarms: number, cleanDays: number): Evaluation {
  const found = delaysMs.filter((delay) => delay !== null).sort((a, b) => a - b);
  const windows = delaysMs.length;
  const share = (count: number): number | null => (windows === 0 ? null : count / windows);
  return {
    windows,
    found: found.length,
    recall: share(found.length),
    recallWithinHour: share(found.filter((delay) => delay <= HOUR).length),
    medianDelayMs: medianOf(found),
    falseAlarms,
    cleanDays,
    falseAlarmsPer30Days: cleanDays > 0 ? (falseAlarms / cleanDays) * 30 : null,
    delaysMs,
  };
}

function medianOf(sorted: readonly number[]): number | null {
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.floor(sorted.length / 2)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
