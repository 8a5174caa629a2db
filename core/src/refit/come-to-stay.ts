import { DAY, HOUR, MINUTE, overlap } from '../time.ts';
import type { Instant, Stretch } from '../time.ts';
import type { Window } from '../series/window.ts';
import type { Zone } from '../zone.ts';

/** Found again within the hours that runs are compared over, the first time two weeks ago: how the home lives now. */
const STAYED = { days: 2, overMs: 14 * DAY, withinMs: 365 * DAY, apartMs: 3 * HOUR };
/** At the same time on so many days of ten: a habit that somebody has taken up, such as a car that charges at night. */
const HABIT = { days: 4, overMs: 0, withinMs: 10 * DAY, apartMs: 45 * MINUTE };
/** Going on for so long is how the home lives now; while it is told, nothing else can be. */
const LASTING_MS = 7 * DAY;
/** Closer than this is one night, whatever the date. */
const ANOTHER_DAY_MS = 12 * HOUR;

/** What was found in a home, and what people said about it. */
export interface Told {
  readonly alarmed?: readonly Stretch[];
  readonly windows?: readonly Window[];
}

/**
 * What was found of a history before a moment and is not to be learned: what was left on by what people say, and what
 * nobody spoke about until it has come to stay. What was fine is learned, and is a reason to learn its like.
 */
export function notLearned({ alarmed = [], windows = [] }: Told, until: Instant, zone: Zone): Stretch[] {
  const found = alarmed.filter(({ from }) => from < until);
  const labelled = (label: Window['label']): Window[] => windows.filter((window) => window.label === label);
  const isOf =
    (some: readonly Stretch[]) =>
    (stretch: Stretch): boolean =>
      some.some((other) => overlap(stretch, other));
  const [fine, leftOn] = [labelled('fine'), labelled('left_on')];
  const [isFine, isLeftOn] = [isOf(fine), isOf(leftOn)];
  const unsaid = found.filter((stretch) => !isFine(stretch) && !isLeftOn(stretch));
  const times = [...unsaid, ...fine].map(({ from }) => from).filter((from) => from < until);
  times.sort((a, b) => a - b);
  return found.filter((stretch) => {
    if (isFine(stretch)) return false;
    // what a window has whole is left out with it
    if (isLeftOn(stretch)) return !leftOn.some(({ from, to }) => from <= stretch.from && stretch.to <= to);
    if (Math.min(stretch.to, until) - stretch.from >= LASTING_MS) return false;
    return ![STAYED, HABIT].some((kind) => keepsComing(stretch.from, times, kind, until, zone));
  });
}

/** Whether something was found at about the same time of day on other days, too, and for long enough. @param times ascending */
function keepsComing(
  at: Instant,
  times: readonly Instant[],
  { days, overMs, withinMs, apartMs }: typeof STAYED,
  until: Instant,
  zone: Zone,
): boolean {
  const timeOfDay = (time: Instant): number => time + zone.offsetAt(time) - zone.dayNumber(time) * DAY;
  const own = timeOfDay(at);
  const alike = times.filter((time) => {
    const apart = Math.abs(timeOfDay(time) - own);
    return Math.abs(time - at) < withinMs && Math.min(apart, DAY - apart) <= apartMs;
  });
  return alike.some((first) => {
    if (first > at || until - first < overMs) return false;
    return (
      daysOf(alike.filter((time) => time >= first && time < first + withinMs && at < first + withinMs)) >=
      days
    );
  });
}

/** On how many days, or nights. */
function daysOf(times: readonly Instant[]): number {
  let [days, last] = [0, -Infinity];
  for (const time of times) {
    if (time - last < ANOTHER_DAY_MS) continue;
    days++;
    last = time;
  }
  return days;
}
