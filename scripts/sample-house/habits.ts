import * as use from './appliances.ts';
import type { House } from './appliances.ts';
import { isLight } from './calendar.ts';
import type { Calendar, Day } from './calendar.ts';

/** Minutes of the local day at which this day's people do things; none of them is punctual. */
interface Rhythm {
  readonly wake: number;
  /** When the last one leaves in the morning; null = somebody stays at home. */
  readonly leave: number | null;
  /** When the first one is back. */
  readonly back: number;
  readonly supper: number;
  readonly bed: number;
}

function rhythmOf({ random }: House, day: Day): Rhythm {
  const free = day.kind !== 'work';
  const late = day.weekday === 4 || day.weekday === 5 || day.kind === 'holiday' || day.date === '2025-12-31';
  const early = random.chance(0.06) ? random.between(60, 110) : 0;
  const home = day.kind === 'work' ? random.chance(0.42) : random.chance(0.62);
  const leave = random.about(free ? 650 : 498, free ? 70 : 14);
  return {
    wake: random.about(free ? 515 : 405, free ? 38 : 13) - early,
    leave: home ? null : leave,
    back: free ? leave + random.between(80, 330) : random.about(random.chance(0.7) ? 925 : 1065, 22),
    supper: random.about(free ? 1105 : 1088, 26),
    bed: random.about(late ? 1425 : 1365, 32) + (day.date === '2025-12-31' || random.chance(0.04) ? 110 : 0),
  };
}

/** Everything that people switch on in one day. */
export function liveDay(house: House, calendar: Calendar, day: Day): void {
  const rhythm = rhythmOf(house, day);
  const at = (minuteOfDay: number): number => calendar.minuteOf(day, minuteOfDay);
  const { random } = house;
  morning(house, day, rhythm, at);
  const out = random.chance(day.kind === 'work' ? 0.07 : 0.14);
  if (rhythm.leave === null || day.kind !== 'work') daytime(house, day, rhythm, at);
  if (!out) supper(house, day, rhythm, at);
  evening(house, day, { ...rhythm, back: out ? random.between(1290, 1380) : rhythm.back }, at);
  lamps(house, calendar, rhythm, at, out);
  laundry(house, day, rhythm, at);
}

type At = (minuteOfDay: number) => number;

function morning(house: House, day: Day, { wake }: Rhythm, at: At): void {
  const { random } = house;
  const cold = day.date < '2026-02-25';
  if (random.chance(cold ? 0.55 : 0.16)) use.bathroomHeater(house, at(wake + random.between(2, 20)));
  if (random.chance(0.7)) use.hairDryer(house, at(wake + random.between(15, 45)));
  if (random.chance(0.25)) use.hairDryer(house, at(wake + random.between(20, 60)));
  use.kettle(house, at(wake + random.between(8, 30)));
  if (random.chance(0.6)) use.coffee(house, at(wake + random.between(10, 45)));
  if (random.chance(0.65)) use.toaster(house, at(wake + random.between(18, 50)));
  if (random.chance(0.5)) use.kettle(house, at(wake + random.between(30, 80)));
  use.sinkWater(house, at(wake + random.between(35, 80)));
  if (day.kind !== 'work' && random.chance(0.35)) use.hob(house, at(wake + random.between(25, 70)), 18);
}

function daytime(house: House, day: Day, { wake, leave, back }: Rhythm, at: At): void {
  const { random } = house;
  const from = wake + random.between(50, 110);
  const to = leave ?? random.between(990, 1060);
  const workday = day.kind === 'work' || (day.kind === 'school_holiday' && random.chance(0.4));
  if (workday) use.steady(house, at(from + 20), to - from, random.between(75, 130));
  for (let cups = random.whole(1, 4); cups > 0; cups--) {
    if (random.chance(0.7)) use.kettle(house, at(random.between(from, 1000)));
    else use.coffee(house, at(random.between(from, 1000)));
  }
  const lunch = random.about(750, 22);
  if (random.chance(0.5)) use.microwave(house, at(lunch));
  if (random.chance(0.3)) use.hob(house, at(lunch - 10), random.between(9, 22));
  if (random.chance(0.4)) use.toaster(house, at(lunch + 3));
  if (random.chance(0.7)) use.sinkWater(house, at(lunch + random.between(20, 50)));
  if (day.kind !== 'work') {
    if (random.chance(0.45)) use.vacuumCleaner(house, at(random.between(600, 960)));
    if (random.chance(0.75)) use.steady(house, at(random.between(600, 900)), random.between(60, 240), 115);
    if (random.chance(0.28)) use.oven(house, at(random.between(800, 960)), random.between(35, 75));
  } else if (random.chance(0.12)) use.vacuumCleaner(house, at(random.between(600, 960)));
  if (back < 980) use.steady(house, at(back), random.between(40, 150), random.between(60, 140));
}

/** Hob most days, oven on many, and a feast at Christmas. */
function supper(house: House, day: Day, { supper }: Rhythm, at: At): void {
  const { random } = house;
  if (day.kind === 'holiday') {
    const roast = random.between(120, 185);
    use.oven(house, at(supper - roast), roast);
    use.hob(house, at(supper - 60), random.between(45, 70));
  } else {
    const weekend = day.weekday >= 4;
    if (random.chance(weekend ? 0.52 : 0.38)) use.oven(house, at(supper - 20), random.between(28, 62));
    if (random.chance(0.86)) use.hob(house, at(supper - 15), random.between(18, 46));
    else use.microwave(house, at(supper));
  }
  if (random.chance(0.75)) use.sinkWater(house, at(supper + random.between(35, 70)));
  if (random.chance(0.55)) use.kettle(house, at(supper + random.between(40, 110)));
}

function evening(house: House, day: Day, { back, bed }: Rhythm, at: At): void {
  const { random } = house;
  const sofa = Math.max(back + 15, random.about(1155, 35));
  if (bed > sofa && random.chance(0.93)) use.steady(house, at(sofa), bed - sofa, random.between(95, 165));
  const child = Math.max(back, random.between(930, 1120));
  if (random.chance(0.6)) use.steady(house, at(child), random.between(45, 200), random.between(70, 190));
  if (day.kind === 'school_holiday' && random.chance(0.8)) {
    use.steady(house, at(random.between(1120, 1200)), random.between(90, 220), random.between(110, 210));
  }
  for (let cups = random.whole(0, 2); cups > 0; cups--) use.kettle(house, at(random.between(sofa, bed)));
  if (random.chance(0.35)) use.sinkWater(house, at(bed - random.between(5, 40)));
  if (random.chance(0.2)) use.hairDryer(house, at(bed - random.between(15, 70)));
  // telephones and a laptop on their chargers
  use.steady(house, at(bed - 10), random.between(60, 190), random.between(18, 48));
  if (random.chance(0.05)) use.kettle(house, at(random.between(1500, 1650)));
}

/** Rooms that are lit while it is dark and somebody is up. */
function lamps(
  house: House,
  calendar: Calendar,
  { wake, leave, back, bed }: Rhythm,
  at: At,
  out: boolean,
): void {
  const { random } = house;
  const evenings = out ? 1260 : back;
  const rooms = Array.from({ length: 4 }, () => random.between(14, 46));
  for (let minute = wake; minute < bed; minute += 10) {
    const away = leave !== null && minute > leave && minute < evenings;
    const when = at(minute);
    if (away || isLight(calendar.instantOf(when) - 1_200_000)) continue;
    for (const watts of rooms) if (random.chance(0.62)) house.load.add(when, 10, watts);
  }
}

function laundry(house: House, day: Day, { back, bed }: Rhythm, at: At): void {
  const { random } = house;
  const weekend = day.kind === 'weekend';
  const loads = weekend ? random.whole(0, 3) : random.chance(0.42) ? 1 : 0;
  let from = weekend ? random.between(560, 760) : random.chance(0.3) ? random.between(440, 500) : back + 40;
  for (let load = 0; load < loads; load++) {
    const end = use.washingMachine(house, at(from));
    if (random.chance(0.62)) use.dryer(house, end + random.between(5, 90));
    from += random.between(110, 190);
  }
  if (random.chance(0.72)) use.dishwasher(house, at(bed - random.between(-20, 150)));
  if (weekend && random.chance(0.3)) use.dishwasher(house, at(random.between(780, 900)));
  if (day.weekday >= 5 && random.chance(0.3)) use.iron(house, at(random.between(1140, 1260)));
}
