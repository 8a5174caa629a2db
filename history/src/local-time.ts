import { DAY, HOUR } from '@lefton/core';
import type { Zone } from '@lefton/core';

/** What became of a file's local times. */
export interface LocalTimes {
  /** Rows whose time does not exist: the clocks jumped over it in spring. */
  readonly skipped: readonly number[];
  /** Days on which the file has the hour that autumn repeats only once. */
  readonly onceOnly: readonly string[];
  /** The offset of a clock that ran through both changes, so never was put forward or back. */
  readonly fixedOffset: number | undefined;
}

/** The offset of a zone without summer time, in milliseconds. */
export function standardOffset(zone: Zone, at: number): number {
  const year = new Date(at).getUTCFullYear();
  return Math.min(zone.offsetAt(Date.UTC(year, 0, 1)), zone.offsetAt(Date.UTC(year, 6, 1)));
}

/**
 * Turns local times, in the order of the file, into instants in place. Times that do not exist become NaN.
 * A time that occurs twice is taken in order: the first in time is the first pass of the clock, the next the second.
 * When values fill the hour that spring skips and no hour is ever repeated, the clock stood on standard time.
 */
export function localToInstants(local: Float64Array, values: Float64Array, zone: Zone): LocalTimes {
  const { backward, ordered } = directionOf(local);
  const skipped: number[] = [];
  const second = new Set<number>();
  const autumn = new Autumn(ordered);
  for (let step = 0; step < local.length; step++) {
    const i = backward ? local.length - 1 - step : step;
    const time = local[i] ?? NaN;
    const count = Number.isNaN(time) ? 1 : zone.instantsOf(time).length;
    if (count === 0) skipped.push(i);
    if (count === 2 && autumn.isSecond(time)) second.add(i);
  }
  if (second.size === 0 && runsThrough(local, values, zone, skipped)) {
    const fixedOffset = standardOffset(zone, local.find((time) => !Number.isNaN(time)) ?? 0);
    toFixedOffset(local, fixedOffset);
    return { skipped: [], onceOnly: [], fixedOffset };
  }
  local.forEach((time, i) => {
    if (!Number.isNaN(time)) local[i] = zone.instantsOf(time)[second.has(i) ? 1 : 0] ?? NaN;
  });
  return { skipped, onceOnly: autumn.onceOnly(), fixedOffset: undefined };
}

/** Turns the times of a clock that always shows the same offset into instants in place. */
export function toFixedOffset(local: Float64Array, offset: number): void {
  local.forEach((time, i) => (local[i] = time - offset));
}

/** Whether the file runs from new to old, and whether it keeps one direction but for a few steps. */
function directionOf(local: Float64Array): { backward: boolean; ordered: boolean } {
  let [up, down, last] = [0, 0, NaN];
  for (const time of local) {
    if (time > last) up += 1;
    else if (time < last) down += 1;
    last = time;
  }
  return { backward: down > up, ordered: Math.min(up, down) <= 2 + (up + down) / 100 };
}

/** Tells the two passes of the hour that autumn repeats apart. */
class Autumn {
  /** Passes already taken of each repeated time: bit 1 the first, bit 2 the second. */
  readonly #taken = new Map<number, number>();
  /** Days seen, and whether the hour came only once. */
  readonly #days = new Map<number, boolean>();
  readonly #ordered: boolean;
  #last = NaN;
  #secondPass = false;

  /** @param ordered whether the file keeps one direction, so that a step back in time means the second pass. */
  constructor(ordered: boolean) {
    this.#ordered = ordered;
  }

  /** True when this occurrence belongs to the second pass. Takes the times of one file in order of time. */
  isSecond(time: number): boolean {
    if (!(Math.abs(time - this.#last) < 3 * HOUR)) this.#secondPass = false;
    // the clock went back although this very time was not seen yet: the first pass had a hole here
    else if (this.#ordered && time < this.#last) this.#secondPass = true;
    this.#last = time;
    const taken = this.#taken.get(time) ?? 0;
    const second = taken === 0 ? this.#secondPass : taken === 1 || (taken === 3 && this.#secondPass);
    this.#taken.set(time, taken | (second ? 2 : 1));
    const day = Math.floor(time / DAY);
    this.#days.set(day, !second && (this.#days.get(day) ?? true));
    return second;
  }

  onceOnly(): string[] {
    return [...this.#days].filter(([, once]) => once).map(([day]) => isoDay(day * DAY));
  }
}

/**
 * True when the hours that spring skips hold about as many values as the time before them, in a file that knows
 * at least a day on either side.
 */
function runsThrough(
  local: Float64Array,
  values: Float64Array,
  zone: Zone,
  skipped: readonly number[],
): boolean {
  const springs = new Map<number, { from: number; to: number; inside: number; before: number }>();
  for (const i of skipped) {
    const time = local[i] ?? NaN;
    const jump = Math.abs(zone.offsetAt(time + DAY) - zone.offsetAt(time - DAY));
    const day = Math.floor(time / DAY);
    const spring = springs.get(day) ?? { from: time, to: time, inside: 0, before: 0 };
    springs.set(day, spring);
    spring.from = Math.min(spring.from, time);
    spring.to = spring.from - jump;
    // fillers: files with 24 rows on every day show a blank or a zero here
    if ((values[i] ?? NaN) !== 0 && !Number.isNaN(values[i])) spring.inside += 1;
  }
  if (springs.size === 0) return false;
  let [first, last] = [Infinity, -Infinity];
  for (const time of local) {
    if (time < first) first = time;
    if (time > last) last = time;
    const spring = springs.get(Math.floor(time / DAY));
    if (spring !== undefined && time < spring.from && time >= spring.to) spring.before += 1;
  }
  return [...springs.values()].every(
    ({ from, inside, before }) =>
      inside > 0 && inside * 2 >= before && from - first >= DAY && last - from >= DAY,
  );
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
