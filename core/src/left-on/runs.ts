import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import { EDGE_KEEP, EDGE_WITHIN, MEAN_MIN, PULSE_LEAST, PULSE_WITHIN } from './watchers.ts';
import type { Watcher } from './watchers.ts';

/** Told when a run has ended. `end` is when it was given up: the bridge after its last step is part of it. */
export type RunEnd = (watcher: number, since: Instant, end: Instant, hour: number) => void;

const BEFORE = 0;
const BEFORE_THAT = 1;
const SUM = 2;
const COUNT = 3;
const HEAD = 4;
const NEWEST = 5;
const OWN = 6;
const RING = 60;
/** Slots of each watcher: since when, last step of it, local hour of its start, extra (floor of an edge, pulse count). */
const EACH = 4;
export const SINCE = 0;
export const LAST = 1;
export const HOUR = 2;
const EXTRA = 3;

/** Slots that so many watchers need. */
export const slotsFor = (watchers: number): number => OWN + RING + watchers * EACH;
/** First slot of a watcher. */
export const slotOf = (watcher: number): number => OWN + RING + watcher * EACH;

/** Puts slots into the state before the first step. */
export function resetRuns(slots: Float64Array): void {
  slots.fill(NaN);
  slots[SUM] = 0;
  slots[COUNT] = 0;
  slots[HEAD] = 0;
}

/**
 * Follows the runs of all watchers over finished steps, in a flat array of numbers. Allocates nothing per step.
 * A watcher's run is alive when slots[slotOf(i) + SINCE] is a number.
 */
export class Runs {
  readonly #kind: Uint8Array;
  readonly #watts: Float64Array;
  readonly #bridgeMs: Float64Array;
  readonly #base: number;
  readonly #stepMs: number;
  readonly #window: number;
  readonly #onEnd: RunEnd | null;

  /** @param base usual power of the home in watts, which levels stand on */
  constructor(watchers: readonly Watcher[], base: number, stepMs: number, onEnd: RunEnd | null = null) {
    this.#kind = Uint8Array.from(watchers, ({ kind }) => KINDS.indexOf(kind));
    this.#watts = Float64Array.from(watchers, ({ watts }) => watts);
    this.#bridgeMs = Float64Array.from(watchers, ({ bridgeMin }) => bridgeMin * MINUTE);
    this.#base = base;
    this.#stepMs = stepMs;
    this.#window = Math.max(1, Math.min(RING, Math.round((MEAN_MIN * MINUTE) / stepMs)));
    this.#onEnd = onEnd;
  }

  /** Takes one step. hour: local hour of its start. */
  step(slots: Float64Array, at: Instant, hour: number, watts: number, known: boolean): void {
    const power = known ? watts : NaN;
    const mean = this.#trailingMean(slots, power);
    const before = slots[BEFORE] ?? NaN;
    const earlier = slots[BEFORE_THAT] ?? NaN;
    for (let i = 0; i < this.#kind.length; i++) {
      const slot = slotOf(i);
      switch (this.#kind[i]) {
        case LEVEL:
          this.#hold(slots, slot, i, at, hour, power > this.#base + (this.#watts[i] ?? NaN));
          break;
        case MEAN:
          this.#hold(slots, slot, i, at, hour, mean > this.#base + (this.#watts[i] ?? NaN));
          break;
        case EDGE:
          this.#edge(slots, slot, i, at, hour, power, before, earlier);
          break;
        default:
          this.#pulses(
            slots,
            slot,
            i,
            at,
            hour,
            riseOf(power, before, earlier, this.#watts[i] ?? NaN, PULSE_WITHIN),
          );
      }
    }
    slots[BEFORE_THAT] = before;
    slots[BEFORE] = power;
    slots[NEWEST] = at;
  }

  /** Ends every run that is alive: the history is over. */
  finish(slots: Float64Array): void {
    const end = (slots[NEWEST] ?? NaN) + this.#stepMs;
    for (let i = 0; i < this.#kind.length; i++) this.#end(slots, slotOf(i), i, end);
  }

  #hold(slots: Float64Array, slot: number, i: number, at: Instant, hour: number, above: boolean): void {
    const since = slots[slot + SINCE] ?? NaN;
    if (above) {
      if (Number.isNaN(since)) this.#begin(slots, slot, at, hour);
      slots[slot + LAST] = at;
    } else if (!Number.isNaN(since) && at - (slots[slot + LAST] ?? at) > (this.#bridgeMs[i] ?? 0)) {
      this.#end(slots, slot, i, at);
    }
  }

  #edge(
    slots: Float64Array,
    slot: number,
    i: number,
    at: Instant,
    hour: number,
    power: number,
    before: number,
    earlier: number,
  ): void {
    if (!Number.isNaN(slots[slot + SINCE])) {
      if (power > (slots[slot + EXTRA] ?? NaN)) {
        slots[slot + LAST] = at;
        return;
      }
      if (at - (slots[slot + LAST] ?? at) <= (this.#bridgeMs[i] ?? 0)) return;
      this.#end(slots, slot, i, at);
    }
    const rise = riseOf(power, before, earlier, this.#watts[i] ?? NaN, EDGE_WITHIN);
    if (Number.isNaN(rise)) return;
    this.#begin(slots, slot, at, hour);
    slots[slot + LAST] = at;
    slots[slot + EXTRA] = power - (1 - EDGE_KEEP) * rise;
  }

  #pulses(slots: Float64Array, slot: number, i: number, at: Instant, hour: number, rise: number): void {
    const over = at - (slots[slot + LAST] ?? at) > (this.#bridgeMs[i] ?? 0);
    if (over) this.#end(slots, slot, i, at);
    if (Number.isNaN(rise)) return;
    if (Number.isNaN(slots[slot + SINCE])) {
      this.#begin(slots, slot, at, hour);
      slots[slot + EXTRA] = 0;
    }
    slots[slot + EXTRA] = (slots[slot + EXTRA] ?? 0) + 1;
    slots[slot + LAST] = at;
  }

  #begin(slots: Float64Array, slot: number, at: Instant, hour: number): void {
    slots[slot + SINCE] = at;
    slots[slot + HOUR] = hour;
  }

  #end(slots: Float64Array, slot: number, i: number, end: Instant): void {
    const since = slots[slot + SINCE] ?? NaN;
    const counts = this.#kind[i] !== PULSES || (slots[slot + EXTRA] ?? 0) >= PULSE_LEAST;
    if (this.#onEnd !== null && !Number.isNaN(since) && counts) {
      this.#onEnd(i, since, end, slots[slot + HOUR] ?? 0);
    }
    slots[slot + SINCE] = NaN;
    slots[slot + LAST] = NaN;
  }

  /** Mean of the trailing hour; NaN while less than half of it is known. */
  #trailingMean(slots: Float64Array, power: number): number {
    const head = slots[HEAD] ?? 0;
    const gone = slots[OWN + head] ?? NaN;
    if (!Number.isNaN(gone)) {
      slots[SUM] = (slots[SUM] ?? 0) - gone;
      slots[COUNT] = (slots[COUNT] ?? 0) - 1;
    }
    slots[OWN + head] = power;
    slots[HEAD] = head + 1 === this.#window ? 0 : head + 1;
    if (!Number.isNaN(power)) {
      slots[SUM] = (slots[SUM] ?? 0) + power;
      slots[COUNT] = (slots[COUNT] ?? 0) + 1;
    }
    const count = slots[COUNT] ?? 0;
    return count * 2 >= this.#window ? (slots[SUM] ?? 0) / count : NaN;
  }

  /** Whether a watcher's run is one that counts by now. */
  alive(slots: Float64Array, i: number): boolean {
    const slot = slotOf(i);
    if (Number.isNaN(slots[slot + SINCE])) return false;
    return this.#kind[i] !== PULSES || (slots[slot + EXTRA] ?? 0) >= PULSE_LEAST;
  }
}

const LEVEL = 0;
const MEAN = 1;
const EDGE = 2;
const PULSES = 3;
const KINDS = ['level', 'mean', 'edge', 'pulses'] as const;

/** The rise into this step when it is of about this size, also when it took two steps; else NaN. */
function riseOf(power: number, before: number, earlier: number, size: number, within: number): number {
  let rise = power - before;
  if (earlier < before && rise < size / within && power - earlier <= size * within) rise = power - earlier;
  return rise >= size / within && rise <= size * within ? rise : NaN;
}
