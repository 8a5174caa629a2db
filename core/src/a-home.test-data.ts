import type { FitOptions } from './fit.ts';
import type { History } from './series/history.ts';
import { DAY, MINUTE } from './time.ts';

/** 2026-01-05T00:00 in Amsterdam, a Monday. */
export const HOME_START = Date.UTC(2026, 0, 4, 23);

/** A small seeded generator: the same numbers on every machine. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * A made-up home by the minute: base with a fridge, breakfast and dinner with kettle and oven, evening lights.
 * Local days of Amsterdam winter time. `left` adds watts to minutes from..to of the whole, for something left on.
 */
export function aHome(days: number, left?: { from: number; to: number; watts: number }): History {
  const random = chance(20180805);
  const at = new Float64Array(days * 1440);
  const watts = new Float64Array(at.length);
  for (let day = 0; day < days; day++) {
    const breakfast = 7 * 60 + Math.floor(random() * 45);
    const dinner = 18 * 60 + Math.floor(random() * 70);
    const cooking = 25 + Math.floor(random() * 30);
    for (let minute = 0; minute < 1440; minute++) {
      const i = day * 1440 + minute;
      at[i] = HOME_START + day * DAY + minute * MINUTE;
      let power = 120 + (i % 47 < 16 ? 90 : 0) + random() * 12;
      if (minute >= breakfast && minute < breakfast + 5) power += 1900;
      if (minute >= dinner && minute < dinner + cooking && (minute - dinner) % 12 < 7) power += 2100;
      if (minute >= 17 * 60 && minute < 23 * 60) power += 160;
      if (left !== undefined && i >= left.from && i < left.to) power += left.watts;
      watts[i] = Math.round(power * 10) / 10;
    }
  }
  return { at, watts };
}

/** How the made-up home is fitted; a small budget, as it is more regular than any real one. */
export const HOME_FIT: FitOptions = {
  zone: 'Europe/Amsterdam',
  meter: 'home',
  falseAlarmsPerMonth: 0.2,
  fittedOn: 'a made-up home',
  sha256: null,
  software: 'test',
};
