import { DAY, MINUTE } from '../time.ts';
import type { Instant, Stretch } from '../time.ts';
import type { Zone } from '../zone.ts';

/** Up to so many times the budget, alarms are what the budget allows: false ones, to be learned. */
const EXPECTED = 3;
/** Looked at together. */
const RECENT_DAYS = 90;
/** Days between two doubtful alarms this close are doubtful too. */
const BETWEEN_MS = 7 * DAY;
/** The same hour on so many of so many days is a habit, whoever has taken it up. */
const HABIT = { days: 5, of: 10, withinMs: 45 * MINUTE };

/**
 * The days, ascending, of alarms that nobody spoke about and that should not be learned. Few alarms are taken for false ones. Many
 * more than the budget are taken for what they were found to be, and since others of their kind will have been missed,
 * all the days from the first to the last of them are left out; except for habits, which become normal.
 */
export function doubtfulDays(
  alarmed: readonly Stretch[],
  until: Instant,
  falseAlarmsPerMonth: number,
  zone: Zone,
): Stretch[] {
  const doubted = alarmed.filter(
    (alarm) =>
      rateAround(alarm, alarmed, until) > EXPECTED * Math.max(1, falseAlarmsPerMonth) &&
      !isHabit(alarm, alarmed, zone),
  );
  const merged: { from: Instant; to: Instant }[] = [];
  for (const { from, to } of doubted) {
    const last = merged[merged.length - 1];
    const end = zone.startOfDay(zone.dayNumber(to) + 1);
    if (last !== undefined && from - last.to <= BETWEEN_MS) last.to = Math.max(last.to, end);
    else merged.push({ from: zone.startOfDay(zone.dayNumber(from)), to: end });
  }
  return merged;
}

/** Alarms in 30 days, of the 90 days around this one. */
function rateAround(alarm: Stretch, alarmed: readonly Stretch[], until: Instant): number {
  const half = (RECENT_DAYS / 2) * DAY;
  const first = Math.max(alarm.from - half, alarmed[0]?.from ?? alarm.from);
  const last = Math.min(alarm.from + half, until);
  const count = alarmed.filter(({ from }) => from >= first && from <= last).length;
  return (count / Math.max(30, (last - first) / DAY)) * 30;
}

/** True when alarms began at this time of the day on many of the days around it. */
function isHabit(alarm: Stretch, alarmed: readonly Stretch[], zone: Zone): boolean {
  const timeOfDay = (at: Instant): number => at + zone.offsetAt(at) - zone.dayNumber(at) * DAY;
  const alike = alarmed.filter(({ from }) => {
    const apart = Math.abs(timeOfDay(from) - timeOfDay(alarm.from));
    return Math.abs(from - alarm.from) <= HABIT.of * DAY && Math.min(apart, DAY - apart) <= HABIT.withinMs;
  });
  return new Set(alike.map(({ from }) => zone.dayNumber(from))).size >= HABIT.days;
}
