import { DAY, HOUR, SECOND } from '../time.ts';
import type { Instant } from '../time.ts';

/** How irregular readings become steps. */
export interface Cadence {
  readonly stepMs: number;
  /** A reading holds no longer than this; after it comes a gap. */
  readonly holdMs: number;
  /** One reading fills one step, so that the step is finished when the reading arrives; while no closer ones arrive. */
  readonly readingPerStep: boolean;
}

const AT = 0;
const WATTS = 1;
const START = 2;
const SUM = 3;
const COVERED = 4;
/** Slots of a Float64Array that a Resampler keeps its state in. */
export const RESAMPLER_SLOTS = 5;
/** A reading stands for the power after it for so many periods of its meter. */
const HELD_PERIODS = 3;
/** A longer gap than this is passed over in one go. */
const LONGEST_GAP = DAY;
/** Readings closer than this share of a step are parts of it: an export tells each hour, the meter itself each second. */
const CLOSER = 0.75;
/** One long distance does not make a slow meter, nor a short one a fast one: the period follows each by no more than this. */
const FOLLOWS = { up: 1.4, down: 0.8 };

/**
 * Irregular readings (1 s to 1 h, or only on change) to fixed steps: each reading holds until the next, weighted by
 * time. A step of which less than half is covered is a gap. After each push, call next until it returns false; each
 * true leaves a finished step in start, mean and known. Allocates nothing; all that lasts is in `slots`.
 */
export class Resampler {
  /** Start of the finished step. */
  start: Instant = NaN;
  /** Its mean watts; means nothing where known is false. */
  mean = NaN;
  known = false;
  readonly #cadence: Cadence;
  readonly #slots: Float64Array;
  readonly #period: Float64Array;
  #at: Instant = NaN;
  #watts = NaN;
  #holdMs = NaN;

  /** @param period one slot, which outlasts a reset: how far apart readings have been of late; NaN before the second */
  constructor(cadence: Cadence, slots: Float64Array, period: Float64Array) {
    this.#cadence = cadence;
    this.#slots = slots;
    this.#period = period;
  }

  /** How far apart readings have been of late, at most an hour; NaN before the second. */
  get periodMs(): number {
    return this.#period[0] ?? NaN;
  }

  /**
   * How long a reading stands for the power after it: where a meter tells less often than its history did, three
   * periods of its own.
   */
  get holdMs(): number {
    const ownMs = HELD_PERIODS * this.periodMs;
    // NaN, before the second reading, is not >
    return ownMs > this.#cadence.holdMs ? ownMs : this.#cadence.holdMs;
  }

  /** Notes the distance of two readings. @param most that the first one says */
  noteDistance(ms: number, most = HOUR): void {
    const period = Number.isNaN(this.periodMs) ? Math.min(ms, most) : this.periodMs;
    this.#period[0] = Math.max(SECOND, period * FOLLOWS.down, Math.min(ms, HOUR, period * FOLLOWS.up));
  }

  /** Back to before the first reading. */
  reset(): void {
    this.#slots.fill(NaN, 0, RESAMPLER_SLOTS);
  }

  /** Takes a reading that is not older than the one before. */
  push(at: Instant, watts: number): void {
    const slots = this.#slots;
    const { stepMs } = this.#cadence;
    const open = slots[START] ?? NaN;
    if (Number.isNaN(open) || at - open > LONGEST_GAP) {
      slots[START] = Math.floor(at / stepMs) * stepMs;
      slots[SUM] = 0;
      slots[COVERED] = 0;
      slots[AT] = NaN;
    }
    // the distance that is to be held over says nothing yet of how far apart readings are
    this.#holdMs = this.holdMs;
    const distance = at - (slots[AT] ?? NaN);
    // NaN, before the first reading, is not > 0
    if (distance > 0) this.noteDistance(distance, stepMs * FOLLOWS.up);
    this.#at = at;
    this.#watts = watts;
  }

  /** Finishes the next step that the pushed reading completes; false when there is none. */
  next(): boolean {
    return this.#isWhole() ? this.#nextWhole() : this.#nextWeighted();
  }

  /** A step that was begun in parts is finished in parts. */
  #isWhole(): boolean {
    const { readingPerStep, stepMs } = this.#cadence;
    return readingPerStep && !(this.periodMs < CLOSER * stepMs) && !((this.#slots[COVERED] ?? 0) > 0);
  }

  /** Each reading is a step; missing ones are held while the hold lasts, then gaps. */
  #nextWhole(): boolean {
    const { stepMs } = this.#cadence;
    const holdMs = this.#holdMs;
    const slots = this.#slots;
    const start = slots[START] ?? NaN;
    const at = this.#at;
    if (start > at) return this.#settle();
    this.start = start;
    this.known = start + stepMs > at || start + stepMs <= (slots[AT] ?? NaN) + holdMs;
    this.mean = start + stepMs > at ? this.#watts : (slots[WATTS] ?? NaN);
    slots[START] = start + stepMs;
    return true;
  }

  #nextWeighted(): boolean {
    const { stepMs } = this.#cadence;
    const holdMs = this.#holdMs;
    const slots = this.#slots;
    const start = slots[START] ?? NaN;
    const last = slots[AT] ?? NaN;
    const end = start + stepMs;
    const held = Math.min(end, this.#at, last + holdMs) - Math.max(start, last);
    if (held > 0) {
      slots[SUM] = (slots[SUM] ?? 0) + held * (slots[WATTS] ?? 0);
      slots[COVERED] = (slots[COVERED] ?? 0) + held;
    }
    if (end > this.#at) return this.#settle();
    const covered = slots[COVERED] ?? 0;
    this.start = start;
    this.mean = (slots[SUM] ?? 0) / covered;
    this.known = covered * 2 >= stepMs;
    slots[START] = end;
    slots[SUM] = 0;
    slots[COVERED] = 0;
    return true;
  }

  /** The pushed reading becomes the one that holds. */
  #settle(): false {
    this.#slots[AT] = this.#at;
    this.#slots[WATTS] = this.#watts;
    return false;
  }
}
