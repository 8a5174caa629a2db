import { HOUR, quantile } from '@lefton/core';
import { contestOf, tooShort } from '../contest/contest.ts';
import type { Contest } from '../contest/contest.ts';
import { trainDays, usualDays } from './day-network.ts';
import type { Unlikeness } from './day-network.ts';
import { dayProfiles } from './day-profiles.ts';
import type { DayProfile } from './day-profiles.ts';
import type { Home } from '../home/home.ts';
import type { TensorFlow } from './tensorflow.ts';

/** A network says again whatever days it has learned where they are fewer. */
const LEAST_DAYS = 28;

/** How well days with something left on are told from days without, on weeks that were not learned. */
export interface DayQuality {
  readonly name: string;
  /** Share of the days on which something was left on for an hour or more. */
  readonly found: number;
  readonly falseDaysPer30: number;
}

/** Learns the days before the held-out weeks, and calls unlike what one of thirty of those is above. */
export async function dayTrial(
  tf: TensorFlow,
  { trial, lessons, zone }: Contest,
  seed: number,
): Promise<DayQuality[]> {
  const before = lessons[0]?.before;
  if (before === undefined) return [];
  const learned = dayProfiles(before, zone);
  const until = before.startAt + before.watts.length * before.stepMs;
  const later = ({ at }: DayProfile): boolean => at >= until;
  const clean = dayProfiles(trial.clean, zone).filter(later);
  const leftOn = dayProfiles(trial.injected, zone)
    .filter(later)
    .filter(({ at }) =>
      trial.windows.some(({ from, to }) => Math.min(to, at + 24 * HOUR) - Math.max(from, at) >= HOUR),
    );
  const qualityOf = (name: string, unlike: Unlikeness): DayQuality => {
    const limit = quantile(Float64Array.from(unlike(learned)).sort(), 29 / 30);
    const above = (days: readonly DayProfile[]): number =>
      unlike(days).filter((value) => value > limit).length / Math.max(1, days.length);
    return { name, found: above(leftOn), falseDaysPer30: 30 * above(clean) };
  };
  return [
    qualityOf('autoencoder', await trainDays(tf, learned, seed)),
    qualityOf('medians of each hour', usualDays(learned)),
  ];
}

/** The same as lines for people; where the history is too short for it, why. */
export async function dayTrialLines(
  tf: TensorFlow,
  { place, series, zone, windows }: Pick<Home, 'place' | 'series' | 'zone' | 'windows'>,
  seed: number,
): Promise<string[]> {
  const why = tooShort(series);
  if (why !== null) return [`Not measured: ${why}.`];
  const trial = await dayTrial(tf, contestOf(place, series, zone, 1, windows), seed);
  return trial.map(
    ({ name, found, falseDaysPer30 }) =>
      `${name}: ${(100 * found).toFixed(0)} % of the days with something left on, ${falseDaysPer30.toFixed(1)} needless days in 30`,
  );
}

/** The days that are least like the others, most unlike first, as lines for people. */
export function unlikeDays(
  days: readonly DayProfile[],
  unlike: Unlikeness,
  format: (at: number) => string,
  most = 3,
): string[] {
  if (days.length < LEAST_DAYS)
    return [
      `${days.length} whole days are too few to say which is unlike the others: it takes ${LEAST_DAYS}`,
    ];
  const off = unlike(days);
  return days
    .map(({ at }, i) => ({ at, watts: off[i] ?? NaN }))
    .sort((a, b) => b.watts - a.watts)
    .slice(0, most)
    .map(({ at, watts }) => `${format(at).slice(0, 10)}: ${watts.toFixed(0)} W from what it is like`);
}
