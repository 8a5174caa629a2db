import { DAY, HOUR } from '@lefton/core';
import type { Zone } from '@lefton/core';
import type { Values } from '../power/chronology.ts';

/**
 * The local times of one column, in the order of the file, on a clock that is put forward and back. A time that occurs
 * twice is taken in order: the first in time is the first pass of the clock, the next the second.
 */
export class LocalTimes {
  /** Times and numbers as the file has them. */
  readonly raw: Values;
  /** Rows whose time does not exist: the clocks jumped over it in spring. */
  readonly skipped: readonly number[];
  /** Days on which the file has the hour that autumn repeats only once. */
  readonly onceOnly: readonly string[];
  /** Days on which the rows do not show by their order which of two is of which pass. */
  readonly guessed: readonly string[];
  readonly #second: ReadonlySet<number>;

  constructor(raw: Values, zone: Zone) {
    const { at: local } = raw;
    const { backward, ordered, shuffled } = directionOf(local);
    const skipped: number[] = [];
    const second = new Set<number>();
    const autumn = new Autumn(ordered, shuffled);
    let last = NaN;
    for (let step = 0; step < local.length; step++) {
      const i = backward ? local.length - 1 - step : step;
      const time = local[i] ?? NaN;
      if (ordered && last - time >= NEAR) autumn.startOver();
      last = time;
      const count = Number.isNaN(time) ? 1 : zone.instantsOf(time).length;
      if (count === 0) skipped.push(i);
      if (count === 2 && autumn.isSecond(time)) second.add(i);
    }
    this.raw = raw;
    this.skipped = skipped;
    this.onceOnly = autumn.onceOnly();
    this.guessed = autumn.guessed();
    this.#second = second;
  }

  /** True when an hour comes twice: the clock was put back. */
  get repeats(): boolean {
    return this.#second.size > 0;
  }

  /** Turns the times into instants in place; those that do not exist become NaN. */
  toInstants(zone: Zone): void {
    const { at: local } = this.raw;
    local.forEach((time, i) => {
      if (!Number.isNaN(time)) local[i] = zone.instantsOf(time)[this.#second.has(i) ? 1 : 0] ?? NaN;
    });
  }
}

/** Whether the file runs from new to old, whether it keeps one direction but for a few steps, and whether it has none. */
function directionOf(local: Float64Array): { backward: boolean; ordered: boolean; shuffled: boolean } {
  let [up, down, last] = [0, 0, NaN];
  for (const time of local) {
    if (time > last) up += 1;
    else if (time < last) down += 1;
    last = time;
  }
  const against = Math.min(up, down);
  return {
    backward: down > up,
    ordered: against <= 2 + (up + down) / 100,
    shuffled: against > 2 + (up + down) / 5,
  };
}

/** A longer step back is not the clock's: another export follows in the file, which may tell the same hours. */
const NEAR = 3 * HOUR;

/** Tells the two passes of the hour that autumn repeats apart. */
class Autumn {
  /** Passes already taken of each repeated time: bit 1 the first, bit 2 the second. */
  readonly #taken = new Map<number, number>();
  /** Days seen, and whether the hour came only once. */
  readonly #days = new Map<number, boolean>();
  /** Days with rows whose order says nothing, and the repeated times of each day. */
  readonly #unclear = new Map<number, { doubted: boolean; readonly times: Set<number> }>();
  readonly #ordered: boolean;
  readonly #shuffled: boolean;
  #last = NaN;
  #secondPass = false;

  /** @param ordered whether the file keeps one direction, so that a step back in time means the second pass. */
  constructor(ordered: boolean, shuffled: boolean) {
    this.#ordered = ordered;
    this.#shuffled = shuffled;
  }

  /** The times that follow are told anew. */
  startOver(): void {
    this.#taken.clear();
    this.#secondPass = false;
    this.#last = NaN;
  }

  /** True when this occurrence belongs to the second pass. Takes the times of one file in order of time. */
  isSecond(time: number): boolean {
    if (!(Math.abs(time - this.#last) < NEAR)) this.#secondPass = false;
    // the clock went back although this very time was not seen yet: the first pass had a hole here
    else if (this.#ordered && time < this.#last) this.#secondPass = true;
    const again = time === this.#last;
    this.#last = time;
    const taken = this.#taken.get(time) ?? 0;
    const second = taken === 0 ? this.#secondPass : taken === 1 || (taken === 3 && this.#secondPass);
    this.#taken.set(time, taken | (second ? 2 : 1));
    const day = Math.floor(time / DAY);
    this.#days.set(day, !second && (this.#days.get(day) ?? true));
    const unclear = this.#unclear.get(day) ?? { doubted: false, times: new Set() };
    this.#unclear.set(day, unclear);
    unclear.times.add(time);
    unclear.doubted ||= second && (again || this.#shuffled);
    return second;
  }

  /** Days whose pairs stand side by side, as where lines were sorted; of one pair alone that is the order of time. */
  guessed(): string[] {
    const days = [...this.#unclear].filter(
      ([, { doubted, times }]) => doubted && (this.#shuffled || times.size > 1),
    );
    return days.map(([day]) => isoDay(day * DAY));
  }

  onceOnly(): string[] {
    return [...this.#days].filter(([, once]) => once).map(([day]) => isoDay(day * DAY));
  }
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
