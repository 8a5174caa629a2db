import { DAY, HOUR, MINUTE } from '@lefton/core';
import type { Series, Trial, Uniform } from '@lefton/core';

/** What a home lives through after the cut. */
export const LIVES = ['as it was', 'left on now and then', 'heating', 'solar'] as const;
export type Life = (typeof LIVES)[number];

/** Of the appliances that a trial leaves on (one in 18 h), what a home might really forget, and nobody answers. */
const FORGOTTEN = 16;
const RADIATOR_W = 1000;
/** A thermostat's cycle. */
const CYCLE_MS = 25 * MINUTE;
const SOLAR_W = 3000;
/** The cut counts as this day of the year: the sun gets lower from there on. */
const SEPTEMBER = 244;
/** A cloud comes and goes in this time on average. */
const CLOUD_MS = 25 * MINUTE;

/** The days of a home with something of the trial left on in each sixteenth place. */
export function forgetful({ clean, injected, windows }: Trial): Series {
  const watts = Float64Array.from(clean.watts);
  const step = (at: number): number => Math.round((at - clean.startAt) / clean.stepMs);
  for (const { from, to } of windows.filter((_, i) => i % FORGOTTEN === 0))
    watts.set(injected.watts.subarray(step(from), step(to)), step(from));
  return { ...clean, watts };
}

/** Radiators with thermostats: off until the cut, then on for longer from week to week, less at night. */
export function heating(clean: Series, cut: number, uniform: Uniform): Series {
  const { stepMs, startAt } = clean;
  const watts = Float64Array.from(clean.watts);
  let [isOn, left, mild] = [false, 0, 0];
  for (let i = cut; i < watts.length; i++) {
    if ((i - cut) % (DAY / stepMs) === 0) mild = uniform(-0.12, 0.12);
    const hour = ((startAt + i * stepMs) % DAY) / HOUR;
    const cold = Math.max(0, Math.min(0.9, ((i - cut) * stepMs) / (90 * DAY) + mild));
    const share = cold * (hour < 6 || hour > 22 ? 0.4 : 1);
    if (--left <= 0) {
      isOn = !isOn && share > 0.02;
      left = Math.max(1, Math.round((CYCLE_MS / stepMs) * (isOn ? share : 1 - share) * uniform(0.8, 1.2)));
    }
    if (isOn) watts[i] = (watts[i] ?? 0) + RADIATOR_W;
  }
  return { ...clean, watts };
}

/** Solar cells on the roof, all the time, behind the same meter: what the home draws less what they give. */
export function solar(clean: Series, cut: number, uniform: Uniform): Series {
  const { stepMs, startAt } = clean;
  const watts = Float64Array.from(clean.watts);
  let [bright, clear] = [0.7, 0.7];
  for (let i = 0; i < watts.length; i++) {
    if (i % (DAY / stepMs) === 0) bright = uniform(0.3, 1);
    if (uniform(0, 1) < stepMs / CLOUD_MS) clear = uniform(0.15, 1);
    const day = SEPTEMBER + ((i - cut) * stepMs) / DAY;
    const summer = 0.5 - 0.5 * Math.cos((2 * Math.PI * (day + 10)) / 365);
    const fromNoon = (((startAt + i * stepMs) % DAY) / HOUR - 12.5) / (8 + 8.5 * summer);
    const height =
      Math.abs(fromNoon) < 0.5 ? Math.cos(Math.PI * fromNoon) ** 1.2 * (0.35 + 0.65 * summer) : 0;
    watts[i] = (watts[i] ?? 0) - SOLAR_W * height * bright * clear;
  }
  return { ...clean, watts };
}
