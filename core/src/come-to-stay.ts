import { DAY, HOUR, MINUTE } from './time.ts';
import type { Instant, Stretch } from './time.ts';
import type { Window } from './window.ts';
import type { Zone } from './zone.ts';

/** Found again within the hours that runs are compared over, the first time two weeks ago: how the home lives now. */
const STAYED = { days: 2, overMs: 14 * DAY, withinMs: 365 * DAY, apartMs: 3 * HOUR };
/** At the same time on so many days of ten: a habit that somebody has taken up, such as a car that charges at night. */
const HABIT = { days: 4, overMs: 0, withinMs: 10 * DAY, apartMs: 45 * MINUTE };

/** What was found in a home, and what people said about it. */
export interface Told {
  readonly alarmed?: readonly Stretch[];
  readonly windows?: readonly Window[];
}

/** What was found of a history before a moment, that nobody spoke about and that has not come to stay: not to be learned. */
export function notLearned({ alarmed = [], windows = [] }: Told, until: Instant, zone: Zone): Stretch[] {
  const found = alarmed.filter(
    ({ from, to }) => from < until && !windows.some((window) => from < window.to && window.from < to),
  );
  return found.filter(
    (stretch) =>
      !keepsComing(stretch, found, STAYED, until, zone) && !keepsComing(stretch, found, HABIT, until, zone),
  );
}

/** Whether something was found at about the same time of day on other days, too, and for long enough. */
function keepsComing(
  stretch: Stretch,
  found: readonly Stretch[],
  { days, overMs, withinMs, apartMs }: typeof STAYED,
  until: Instant,
  zone: Zone,
): boolean {
  const timeOfDay = ({ from }: Stretch): number => from + zone.offsetAt(from) - zone.dayNumber(from) * DAY;
  const alike = found.filter((other) => {
    const apart = Math.abs(timeOfDay(other) - timeOfDay(stretch));
    return Math.abs(other.from - stretch.from) <= withinMs && Math.min(apart, DAY - apart) <= apartMs;
  });
  const first = Math.min(...alike.map(({ from }) => from));
  return new Set(alike.map(({ from }) => zone.dayNumber(from))).size >= days && until - first >= overMs;
}
