import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import { Ladder } from './ladder.ts';
import { Rises } from './rises.ts';
import { AT, BASE, BEFORE, EARLIER, LOCAL_HOUR, PREVIOUS, STEP_FIELDS, VALUE } from './run.ts';
import type { Judge, RunListener } from './run.ts';
import { TrailingMean } from './trailing-mean.ts';
import { MEAN_MIN } from './watchers.ts';
import type { Watcher } from './watchers.ts';

/** Power of the newest step, that of the one before it, and the start of the newest. */
const POWER = 0;
const POWER_BEFORE = 1;
const NEWEST = 2;
const OWN = 3;
/** The trailing hour in its shortest steps. */
const LONGEST_WINDOW = 60;
/** Slots of a state for the watchers of any step. */
export const RUN_SLOTS = 360;

/**
 * Follows the runs of all watchers over finished steps, in a flat array of numbers. Allocates nothing per step, and
 * remembers nothing itself: homes with the same watchers share it.
 */
export class Runs {
  readonly #levels: readonly Ladder[];
  readonly #means: readonly Ladder[];
  readonly #rises: readonly Rises[];
  readonly #mean: TrailingMean;
  readonly #stepMs: number;
  /** Used anew at every step. */
  readonly #step = new Float64Array(STEP_FIELDS);

  /**
   * @param watchers those of one kind and bridge follow each other, smallest first
   */
  constructor(watchers: readonly Watcher[], stepMs: number, listener: RunListener) {
    const window = Math.max(1, Math.min(LONGEST_WINDOW, Math.round((MEAN_MIN * MINUTE) / stepMs)));
    this.#stepMs = stepMs;
    this.#mean = new TrailingMean(window, OWN);
    const [levels, means, rises]: [Ladder[], Ladder[], Rises[]] = [[], [], []];
    let slot = OWN + TrailingMean.slots(window);
    for (const { first, kind, bridgeMin, sizes } of groupsOf(watchers)) {
      const bridgeMs = bridgeMin * MINUTE;
      if (kind === 'edge' || kind === 'pulses') {
        rises.push(new Rises(kind, first, sizes, bridgeMs, slot, listener));
        slot += Rises.slots(sizes.length);
      } else {
        const ladder = new Ladder(first, sizes, bridgeMs, slot, listener);
        (kind === 'level' ? levels : means).push(ladder);
        slot += Ladder.slots(sizes.length);
      }
    }
    if (slot > RUN_SLOTS) throw new RangeError(`watchers need ${slot} slots, there are ${RUN_SLOTS}`);
    [this.#levels, this.#means, this.#rises] = [levels, means, rises];
  }

  /** Puts slots into the state before the first step. */
  reset(slots: Float64Array): void {
    slots.fill(NaN, 0, OWN);
    this.#mean.reset(slots);
    for (const part of [...this.#levels, ...this.#means, ...this.#rises]) part.reset(slots);
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
    step[VALUE] = power;
    let above: number | undefined;
    for (const ladder of this.#levels) above = ladder.step(slots, step, above);
    for (const rises of this.#rises) rises.step(slots, step);
  }

  /** Lets the judge weigh every run that is alive. */
  weigh(slots: Float64Array, judge: Judge): void {
    for (const ladder of this.#levels) ladder.weigh(slots, judge);
    for (const ladder of this.#means) ladder.weigh(slots, judge);
    for (const rises of this.#rises) rises.weigh(slots, judge);
  }

  /** Ends every run that is alive: the history is over. */
  finish(slots: Float64Array): void {
    const end = (slots[NEWEST] ?? NaN) + this.#stepMs;
    for (const part of [...this.#levels, ...this.#means, ...this.#rises]) part.finish(slots, end);
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
