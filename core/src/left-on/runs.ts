import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import { Bands } from './bands.ts';
import { Ladder } from './ladder.ts';
import { Pulses } from './pulses.ts';
import { AT, BASE, BEFORE, EARLIER, LOCAL_HOUR, POWER, PREVIOUS, STEP_FIELDS, VALUE } from './run.ts';
import type { Judge, RunListener } from './run.ts';
import { TrailingMax } from './trailing-max.ts';
import { TrailingMean } from './trailing-mean.ts';
import { bandOf, CEILING_MIN, MEAN_MIN, RETURNING_STEPS } from './watchers.ts';
import type { Watcher } from './watchers.ts';

/** Power of the newest step, that of the one before it, and the start of the newest. */
const NEWEST_POWER = 0;
const POWER_BEFORE = 1;
const NEWEST = 2;
const OWN = 3;
/** Slots of a state for the watchers of any step. */
export const RUN_SLOTS = 389;
/** Counts up where the slots of runs come to mean something else: below the shortest step, to which it is added. */
export const RUN_LAYOUT = 3;

/**
 * Follows the runs of all watchers over finished steps, in a flat array of numbers. Allocates nothing per step, and
 * remembers nothing itself: homes with the same watchers share it.
 */
export class Runs {
  readonly #level: Ladder | undefined;
  readonly #mean: Ladder | undefined;
  readonly #pulses: Pulses | undefined;
  readonly #ceiling: Bands | undefined;
  readonly #steady: Bands | undefined;
  readonly #returning: Bands | undefined;
  readonly #trailingMean: TrailingMean;
  readonly #trailingMax: TrailingMax;
  readonly #fourStepMax: TrailingMax;
  readonly #stepMs: number;
  /** Used anew at every step. */
  readonly #step = new Float64Array(STEP_FIELDS);

  /**
   * @param watchers those of one kind follow each other, smallest first, and have the same bridge
   */
  constructor(watchers: readonly Watcher[], stepMs: number, listener: RunListener) {
    const windowOf = (minutes: number): number =>
      Math.max(1, Math.min(minutes, Math.round((minutes * MINUTE) / stepMs)));
    const [hour, tenMinutes] = [windowOf(MEAN_MIN), windowOf(CEILING_MIN)];
    this.#stepMs = stepMs;
    let slot = OWN;
    const take = (slots: number): number => (slot += slots) - slots;
    this.#trailingMean = new TrailingMean(hour, take(TrailingMean.slots(hour)));
    this.#trailingMax = new TrailingMax(tenMinutes, take(TrailingMax.slots(tenMinutes)));
    this.#fourStepMax = new TrailingMax(RETURNING_STEPS, take(TrailingMax.slots(RETURNING_STEPS)));
    const ladder = ({ first, sizes, bridgeMs }: Group): Ladder =>
      new Ladder(first, sizes, bridgeMs, take(Ladder.slots(sizes.length)), listener);
    const bands = ({ first, kind, sizes, bridgeMs }: Group): Bands =>
      new Bands(
        first,
        sizes,
        bandOf(kind, stepMs / MINUTE),
        bridgeMs,
        take(Bands.slots(sizes.length)),
        listener,
      );
    for (const group of groupsOf(watchers)) {
      const { first, kind, sizes, bridgeMs } = group;
      if (kind === 'level') this.#level = ladder(group);
      else if (kind === 'mean') this.#mean = ladder(group);
      else if (kind === 'ceiling') this.#ceiling = bands(group);
      else if (kind === 'steady') this.#steady = bands(group);
      else if (kind === 'returning') this.#returning = bands(group);
      else this.#pulses = new Pulses(first, sizes, bridgeMs, take(Pulses.slots(sizes.length)), listener);
    }
    if (slot > RUN_SLOTS) throw new RangeError(`watchers need ${slot} slots, there are ${RUN_SLOTS}`);
  }

  /** Puts slots into the state before the first step. */
  reset(slots: Float64Array): void {
    slots.fill(NaN, 0, OWN);
    this.#trailingMean.reset(slots);
    this.#trailingMax.reset(slots);
    this.#fourStepMax.reset(slots);
    for (const part of this.#parts()) part.reset(slots);
  }

  /**
   * Takes one step.
   * @param hour local hour of its start
   * @param power NaN where unknown
   * @param base usual power of the home in watts, which levels stand on
   */
  step(slots: Float64Array, at: Instant, hour: number, power: number, base: number): void {
    const step = this.#step;
    step[AT] = at;
    step[LOCAL_HOUR] = hour;
    step[BASE] = base;
    step[POWER] = power;
    step[PREVIOUS] = slots[NEWEST] ?? NaN;
    step[BEFORE] = slots[NEWEST_POWER] ?? NaN;
    step[EARLIER] = slots[POWER_BEFORE] ?? NaN;
    slots[POWER_BEFORE] = step[BEFORE];
    slots[NEWEST_POWER] = power;
    slots[NEWEST] = at;
    if (this.#mean !== undefined) {
      this.#trailingMean.step(slots, step);
      this.#mean.step(slots, step);
    }
    if (this.#ceiling !== undefined) {
      this.#trailingMax.step(slots, step);
      this.#ceiling.step(slots, step);
    }
    if (this.#returning !== undefined) {
      this.#fourStepMax.step(slots, step);
      this.#returning.step(slots, step);
    }
    step[VALUE] = power;
    this.#level?.step(slots, step);
    this.#steady?.step(slots, step);
    this.#pulses?.step(slots, step);
  }

  /** Lets the judge weigh every run that is alive. */
  weigh(slots: Float64Array, judge: Judge): void {
    this.#level?.weigh(slots, judge);
    this.#mean?.weigh(slots, judge);
    this.#pulses?.weigh(slots, judge);
    this.#ceiling?.weigh(slots, judge);
    this.#steady?.weigh(slots, judge);
    this.#returning?.weigh(slots, judge);
  }

  /** Ends every run that is alive: the history is over. */
  finish(slots: Float64Array): void {
    const end = (slots[NEWEST] ?? NaN) + this.#stepMs;
    for (const part of this.#parts()) part.finish(slots, end);
  }

  #parts(): (Ladder | Pulses | Bands)[] {
    const parts = [this.#level, this.#mean, this.#pulses, this.#ceiling, this.#steady, this.#returning];
    return parts.filter((part) => part !== undefined);
  }
}

interface Group {
  readonly first: number;
  readonly kind: Watcher['kind'];
  readonly bridgeMs: number;
  readonly sizes: Float64Array;
}

/** The watchers of each kind. */
function groupsOf(watchers: readonly Watcher[]): Group[] {
  const kinds = [...new Set(watchers.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const own = watchers.filter((watcher) => watcher.kind === kind);
    const bridgeMs = (own[0]?.bridgeMin ?? NaN) * MINUTE;
    const first = watchers.findIndex((watcher) => watcher.kind === kind);
    return { first, kind, bridgeMs, sizes: Float64Array.from(own, ({ watts }) => watts) };
  });
}
