import { HOUR, wattHours } from '@lefton/core';
import { RegisterPower } from './register-power.ts';

/** A power that was told. */
export interface Told {
  readonly at: number;
  readonly watts: number;
}
/** A register as it is heard: what it shows at each telegram. */
export type Heard = readonly (readonly [at: number, wh: number])[];

/** What a register of such steps shows, at telegrams so far apart, of power that is constant for so many ms each. */
export function heard(
  stepWh: number,
  everyMs: number,
  loads: readonly (readonly [watts: number, ms: number])[],
): Heard {
  const shown: (readonly [number, number])[] = [];
  let [at, drawn, from] = [0, 0, 0];
  for (const [power, ms] of loads) {
    for (; at < from + ms; at += everyMs) {
      const total = drawn + (power * (at - from)) / HOUR;
      shown.push([at, Math.floor(total / stepWh + 1e-9) * stepWh]);
    }
    drawn += (power * ms) / HOUR;
    from += ms;
  }
  return shown;
}

const telegram = (wh: number) => ({
  ...{ meter: null, watts: null, toldAt: null, apparentVa: null },
  ...{ energyWh: wattHours(wh), exportWh: null },
});
export function told(heard: Heard, power = new RegisterPower({ gapMs: HOUR / 2 })): Told[] {
  return heard.flatMap(([at, wh]) => {
    const watts = power.push(at, telegram(wh));
    return watts === null ? [] : [{ at, watts }];
  });
}

/** Each power holds until the next one, as whoever scores it takes it. */
export function energyOf(readings: readonly Told[], until: number): number {
  return readings.reduce((sum, { at, watts }, n) => {
    return sum + (watts * ((readings[n + 1]?.at ?? until) - at)) / HOUR;
  }, 0);
}
