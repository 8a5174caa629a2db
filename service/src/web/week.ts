import type { Notation } from './notation.ts';
import { service } from './service.ts';
import type { RangeHour } from './service.ts';
import { DAY } from './span.ts';

/** Two weeks, as an hour of one may be missing where clocks change. */
const ASKED = 14 * DAY;

/** Expected range by hour of the local week, weekday (0 = Monday) * 24 + hour; undefined where there is none. */
export async function weekOf(
  meter: string,
  notation: Notation,
  now: number,
): Promise<readonly (RangeHour | undefined)[]> {
  const week: (RangeHour | undefined)[] = Array.from({ length: 168 }, () => undefined);
  for (const hour of await service.expected(meter, now - ASKED, now))
    week[notation.hourOfWeek(hour.at)] = hour;
  return week;
}

/** The mean range of each of the 24 hours; undefined unless all seven days have one. */
export function byHour(
  week: readonly (RangeHour | undefined)[],
): ({ low: number; usual: number; high: number } | undefined)[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const days = [0, 1, 2, 3, 4, 5, 6].flatMap((day) => week[day * 24 + hour] ?? []);
    const mean = (side: 'low' | 'usual' | 'high'): number =>
      days.reduce((sum, range) => sum + range[side], 0) / days.length;
    return days.length === 7 ? { low: mean('low'), usual: mean('usual'), high: mean('high') } : undefined;
  });
}
