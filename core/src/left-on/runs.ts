import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import { Bands } from './bands.ts';
import { Ladder } from './ladder.ts';
import { Pulses } from './pulses.ts';
import { AT, BASE, BEFORE, EARLIER, LOCAL_HOUR, PREVIOUS, STEP_FIELDS, VALUE } from './run.ts';
import type { Judge, RunListener } from './run.ts';
import { TrailingMax } from './trailing-max.ts';
import { TrailingMean } from './trailing-mean.ts';
import { bandOf, CEILING_MIN, MEAN_MIN } from './watchers.ts';
import type { Watcher } from './watchers.ts';

/** Power of the newest step, that of the one before it, and the start of the newest. */
const POWER = 0;
const POWER_BEFORE = 1;
const NEWEST = 2;
const OWN = 3;
/** Slots of a state for the watchers of any step. */
export const RUN_SLOTS = 387;
/** Counts up where the slots of runs come to mean something else: below the shortest step, to which it is added. */
export const RUN_LAYOUT = 1;

/**
 * Follows the runs of all watchers over finished steps, in a flat array of numbers. Allocates nothing per step, and
 * remembers nothing itself: homes with the same watchers share it.
 */
export class Runs {
  readonly #levels: readonly Ladder[];
  readonly #means: readonly Ladder[];
  readonly #pulses: readonly Pulses[];
  readonly #ceilings: readonly Bands[];
  readonly #mean: TrailingMean;
  readonly #highest: TrailingMax;
  readonly #stepMs: number;
  /** Used anew at every step. */
  readonly #step = new Float64Array(STEP_FIELDS);

  /**
   * @param watchers those of one kind and bridge follow each other, smallest first
   */
  constructor(watchers: readonly Watcher[], stepMs: number, listener: RunListener) {
    const windowOf = (minutes: number): number =>
      Math.max(1, Math.min(minutes, Math.round((minutes * MINUTE) / stepMs)));
    const [hour, quarter] = [windowOf(MEAN_MIN), windowOf(CEILING_MIN)];
    this.#stepMs = stepMs;
    let slot = OWN;
    this.#mean = new TrailingMean(hour, slot);
    slot += TrailingMean.slots(hour);
    this.#highest = new TrailingMax(quarter, slot);
    slot += TrailingMax.slots(quarter);
    const [levels, means, pulses, ceilings]: [Ladder[], Ladder[], Pulses[], Bands[]] = [[], [], [], []];
    for (const { first, kind, bridgeMin, sizes } of groupsOf(watchers)) {
      const bridgeMs = bridgeMin * MINUTE;
      if (kind === 'pulses') {
        pulses.push(new Pulses(first, sizes, bridgeMs, slot, listener));
        slot += Pulses.slots(sizes.length);
      } else if (kind === 'ceiling') {
        ceilings.push(new Bands(first, sizes, bandOf(stepMs / MINUTE), bridgeMs, slot, listener));
        slot += Bands.slots(sizes.length);
      } else {
        const ladder = new Ladder(first, sizes, bridgeMs, slot, listener);
        (kind === 'level' ? levels : means).push(ladder);
        slot += Ladder.slots(sizes.length);
      }
    }
    if (slot > RUN_SLOTS) throw new RangeError(`watchers need ${slot} slots, there are ${RUN_SLOTS}`);
    [this.#levels, this.#means, this.#pulses, this.#ceilings] = [levels, means, pulses, ceilings];
  }

  /** Puts slots into the state before the first step. */
  reset(slots: Float64Array): void {
    slots.fill(NaN, 0, OWN);
    this.#mean.reset(slots);
    this.#highest.reset(slots);
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
    step[PREVIOUS] = slots[NEWEST] ?? NaN;
    step[BEFORE] = slots[POWER] ?? NaN;
    step[EARLIER] = slots[POWER_BEFORE] ?? NaN;
    slots[POWER_BEFORE] = step[BEFORE];
    slots[POWER] = power;
    slots[NEWEST] = at;
    if (this.#means.length > 0) {
      step[VALUE] = this.#mean.step(slots, power);
      for (const ladder of this.#means) ladder.step(slots, step);
    }
    if (this.#ceilings.length > 0) {
      step[VALUE] = this.#highest.step(slots, power);
      for (const bands of this.#ceilings) bands.step(slots, step);
    }
    step[VALUE] = power;
    let above: number | undefined;
    for (const ladder of this.#levels) above = ladder.step(slots, step, above);
    for (const pulses of this.#pulses) pulses.step(slots, step);
  }

  /** Lets the judge weigh every run that is alive. */
  weigh(slots: Float64Array, judge: Judge): void {
    for (const ladder of this.#levels) ladder.weigh(slots, judge);
    for (const ladder of this.#means) ladder.weigh(slots, judge);
    for (const pulses of this.#pulses) pulses.weigh(slots, judge);
    for (const bands of this.#ceilings) bands.weigh(slots, judge);
  }

  /** Ends every run that is alive: the history is over. */
  finish(slots: Float64Array): void {
    const end = (slots[NEWEST] ?? NaN) + this.#stepMs;
    for (const part of this.#parts()) part.finish(slots, end);
  }

  #parts(): (Ladder | Pulses | Bands)[] {
    return [...this.#levels, ...this.#means, ...this.#pulses, ...this.#ceilings];
  }
}

interface Group {
  readonly first: number;
  readonly kind: Watcher['kind'];
  readonly bridgeMin: number;
  readonly sizes: Float64Array;
}

/** Neighbours of one kind and bridge. */
function groupsOf(watchers: readonly Watcher[]): Group[] {
  const groups: Group[] = [];
  let first = 0;
  watchers.forEach(({ kind, bridgeMin }, i) => {
    const next = watchers[i + 1];
    if (next?.kind === kind && next.bridgeMin === bridgeMin) return;
    const sizes = Float64Array.from(watchers.slice(first, i + 1), ({ watts }) => watts);
    groups.push({ first, kind, bridgeMin, sizes });
    first = i + 1;
  });
  return groups;
}
