import type { Home } from '../home.ts';
import { DAY } from '../document/notation.ts';
import type { Notation } from '../document/notation.ts';
import { service } from '../service.ts';
import type { RangeHour } from '../service.ts';

/** Two weeks, as an hour of one may be missing where clocks change. */
const ASKED = 14 * DAY;

/** Expected range by hour of the local week, weekday (0 = Monday) * 24 + hour; undefined where there is none. */
export type Week = readonly (RangeHour | undefined)[];

/** Tells the week of the meter that is looked at, and again when its model changes. What could not be asked is asked again. */
export function onWeek(home: Home, show: (week: Week) => void): void {
  let asked = '';
  const look = (): void => {
    const { meter, model } = home.meter;
    const wanted = `${meter} ${model.loaded_at}`;
    if (wanted === asked) return;
    asked = wanted;
    weekOf(meter, home.notation, home.now).then(
      (week) => {
        // another meter may be looked at by now
        if (asked === wanted) show(week);
      },
      () => {
        if (asked === wanted) asked = '';
      },
    );
  };
  home.on('state', look);
  home.on('meter', look);
  look();
}

async function weekOf(meter: string, notation: Notation, now: number): Promise<Week> {
  const week: (RangeHour | undefined)[] = Array.from({ length: 168 }, () => undefined);
  for (const hour of await service.expected(meter, now - ASKED, now))
    week[notation.hourOfWeek(hour.at)] = hour;
  return week;
}

/** The mean range of each of the 24 hours; undefined unless all seven days have one. */
export function byHour(week: Week): ({ low: number; usual: number; high: number } | undefined)[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const days = [0, 1, 2, 3, 4, 5, 6].flatMap((day) => week[day * 24 + hour] ?? []);
    const mean = (side: 'low' | 'usual' | 'high'): number =>
      days.reduce((sum, range) => sum + range[side], 0) / days.length;
    return days.length === 7 ? { low: mean('low'), usual: mean('usual'), high: mean('high') } : undefined;
  });
}
