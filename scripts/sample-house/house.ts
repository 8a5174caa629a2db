import { MINUTE } from '@lefton/core';
import type { Instant } from '@lefton/core';
import * as alwaysOn from './always-on.ts';
import { Calendar } from './calendar.ts';
import { liveDay } from './habits.ts';
import { Load } from './load.ts';
import { Random } from './random.ts';

/** A stretch that the simulator knows the truth of, from <= instant < to. */
export interface TrueWindow {
  readonly from: Instant;
  readonly to: Instant;
  readonly what: string;
}

/** A simulated house. watts[i] is the whole watts of the minute from startAt + i minutes; NaN = no row. */
export interface SampleHouse {
  readonly startAt: Instant;
  readonly watts: Float64Array;
  readonly leftOn: readonly TrueWindow[];
  readonly away: TrueWindow;
}

export const SEED = 2018_08_05;
const FIRST_DAY = '2025-12-01';
const END_DAY = '2026-04-05';

/** Four people, a gas boiler, everything else electric; the same seed gives the same watts on every machine. */
export function simulate(seed: number): SampleHouse {
  const calendar = new Calendar(FIRST_DAY, END_DAY);
  const random = new Random(seed);
  const house = new Load(calendar.minutes);
  alwaysOn.standby(house, random.branch());
  alwaysOn.compressor(house, random.branch(), 72, 17, 33);
  alwaysOn.compressor(house, random.branch(), 64, 22, 41);
  alwaysOn.defrost(house, random.branch());
  alwaysOn.sinkBoiler(house, random.branch());
  alwaysOn.heatingPump(house, random.branch(), calendar);
  alwaysOn.duskLamps(house, random.branch(), calendar);

  const people = new Load(calendar.minutes);
  for (const day of calendar.days) liveDay({ load: people, random: random.branch() }, calendar, day);
  const away = span(calendar, '2026-01-30T17:10', '2026-02-01T19:40', 'away for a weekend: nobody at home');
  people.watts.fill(0, minuteIn(calendar, away.from), minuteIn(calendar, away.to));

  const leftOn = leaveOn(house, random.branch(), calendar);
  const meter = random.branch();
  const watts = house.watts.map((base, i) => {
    const drawn = base + (people.watts[i] ?? 0);
    return Math.round(Math.max(0, drawn + meter.about(0, 2.2 + drawn * 0.003)));
  });
  dropOut(watts, random.branch(), calendar);
  return { startAt: calendar.startAt, watts, leftOn, away };
}

const minuteIn = (calendar: Calendar, at: Instant): number => (at - calendar.startAt) / MINUTE;

const span = (calendar: Calendar, from: string, to: string, what: string): TrueWindow => ({
  from: calendar.instantOf(calendar.minuteAt(from)),
  to: calendar.instantOf(calendar.minuteAt(to)),
  what,
});

/** The two things that were left on, both in the last twelve days. */
function leaveOn(load: Load, random: Random, calendar: Calendar): readonly TrueWindow[] {
  const heater = span(
    calendar,
    '2026-03-24T03:12',
    '2026-03-24T07:52',
    'fan heater, about 1.93 kW, all the time',
  );
  const end = minuteIn(calendar, heater.to);
  for (let minute = minuteIn(calendar, heater.from); minute < end; minute++) {
    load.add(minute, 1, random.about(1928, 9));
  }
  const oven = span(
    calendar,
    '2026-03-28T15:47',
    '2026-03-28T20:51',
    'oven, 2.2 kW for 40 % of every 12 minutes',
  );
  const off = minuteIn(calendar, oven.to);
  load.add(minuteIn(calendar, oven.from), 11, 2200);
  for (let from = minuteIn(calendar, oven.from) + 12; from < off; from += 12) {
    load.add(from + 7.2 + random.between(-0.4, 0.4), Math.min(4.8, off - from), 2200);
  }
  return [heater, oven];
}

const DAY_LONG_GAP = ['2026-02-11T08:43', '2026-02-12T09:27'] as const;
const LATE_GAP = ['2026-03-31T11:02', '2026-03-31T11:11'] as const;

/** Rows that never came: minutes, hours, once a day. None within the last twelve days but nine minutes. */
function dropOut(watts: Float64Array, random: Random, calendar: Calendar): void {
  const demo = calendar.minuteAt('2026-03-24T00:00');
  const lose = (from: number, minutes: number): unknown => watts.fill(NaN, from, from + minutes);
  for (const [from, to] of [DAY_LONG_GAP, LATE_GAP]) {
    lose(calendar.minuteAt(from), calendar.minuteAt(to) - calendar.minuteAt(from));
  }
  for (let gap = 0; gap < 4; gap++) lose(random.whole(1440, demo - 1440), random.whole(70, 380));
  for (let gap = 0; gap < 14; gap++) lose(random.whole(1440, demo - 1440), random.whole(2, 48));
  for (let gap = 0; gap < 90; gap++) lose(random.whole(1440, demo - 1440), 1);
}
