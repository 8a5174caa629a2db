import { isLight } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import type { Load } from './load.ts';
import type { Random } from './random.ts';

/** Router, bell, alarm, set-top box and the rest: about 116 W that wander a little. */
export function standby(load: Load, random: Random): void {
  let watts = 116;
  for (let minute = 0; minute < load.watts.length; minute += 15) {
    watts += random.about(0, 1.2) + (116 - watts) * 0.04;
    load.add(minute, 15, watts);
  }
}

/** A compressor: runs, rests, seldom twice alike; now and then a long run after the door was open. */
export function compressor(load: Load, random: Random, watts: number, runMin: number, restMin: number): void {
  let at = random.between(0, restMin);
  while (at < load.watts.length) {
    const run = random.chance(0.07)
      ? random.between(1.6, 3) * runMin
      : Math.max(4, random.about(runMin, runMin * 0.15));
    load.add(at, 0.4, watts * 2.5);
    load.add(at, run, watts * random.between(0.94, 1.06));
    at += run + Math.max(6, random.about(restMin, restMin * 0.22));
  }
}

/** The freezer's defrost heater, every day and a half or so. */
export function defrost(load: Load, random: Random): void {
  for (let at = random.between(0, 1800); at < load.watts.length; at += random.between(1500, 2900)) {
    load.add(at, random.between(11, 19), 240);
  }
}

/**
 * The 10-litre boiler under the sink: 2 kW for a few minutes every some hours to keep warm, night and day.
 * What people draw is with their habits.
 */
export function sinkBoiler(load: Load, random: Random): void {
  for (let at = random.between(0, 400); at < load.watts.length; at += random.between(260, 640)) {
    load.add(at, random.between(2.5, 6), random.between(1940, 2020));
  }
}

/** Pump and fan of the gas heating: longer and more often the colder it is, less at night. */
export function heatingPump(load: Load, random: Random, calendar: Calendar): void {
  let weather = 0;
  for (const [index, day] of calendar.days.entries()) {
    weather = weather * 0.8 + random.about(0, 1.6);
    const season = index < 70 ? 3.5 : 3.5 + (index - 70) * 0.1;
    const cold = Math.min(1, Math.max(0.12, (15 - season - weather) / 15));
    for (let minute = 0; minute < 1440;) {
      const night = minute < 330 || minute > 1360;
      const warmUp = minute > 345 && minute < 470;
      const run = random.between(5, warmUp ? 38 : 17);
      const share = cold * (night ? 0.25 : warmUp ? 1.2 : 0.75);
      load.add(calendar.minuteOf(day, minute), run, random.between(72, 92));
      minute += run + run * Math.min(12, Math.max(0.15, 1 / share - 1)) * random.between(0.6, 1.5);
    }
  }
}

/** Lamps that follow the dark: hall, porch; off by day and in the dead of night. */
export function duskLamps(load: Load, random: Random, calendar: Calendar): void {
  for (const day of calendar.days) {
    const off = random.between(1350, 1460);
    const on = random.between(360, 420);
    const watts = random.between(14, 22);
    for (let minute = on; minute < off; minute += 5) {
      const at = calendar.minuteOf(day, minute);
      if (!isLight(calendar.instantOf(at))) load.add(at, 5, watts);
    }
  }
}
