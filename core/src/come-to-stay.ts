import { DAY, HOUR } from './time.ts';
import type { Instant, Stretch } from './time.ts';
import type { Zone } from './zone.ts';

/** Found again within the hours that runs are compared over, the first time two weeks ago: how the home lives now. */
const STAYED = { days: 2, overMs: 14 * DAY, withinMs: 365 * DAY, apartMs: 3 * HOUR };

/**
 * Of the stretches that were found and that nobody spoke about, those that have not come to stay: not to be learned.
 * A new appliance or season has come to stay when something was found at about the same time of day on another day,
 * too, and the first of them is two weeks old.
 */
export function notComeToStay(found: readonly Stretch[], until: Instant, zone: Zone): Stretch[] {
  const timeOfDay = ({ from }: Stretch): number => from + zone.offsetAt(from) - zone.dayNumber(from) * DAY;
  return found.filter((stretch) => {
    const alike = found.filter((other) => {
      const apart = Math.abs(timeOfDay(other) - timeOfDay(stretch));
      const near = Math.abs(other.from - stretch.from) <= STAYED.withinMs;
      return near && Math.min(apart, DAY - apart) <= STAYED.apartMs;
    });
    const first = Math.min(...alike.map(({ from }) => from));
    const days = new Set(alike.map(({ from }) => zone.dayNumber(from))).size;
    return days < STAYED.days || until - first < STAYED.overMs;
  });
}
