import { WEEK_BUCKETS } from './expected.ts';
import { compileLeftOn } from './left-on/index.ts';
import type { LeftOn } from './left-on/index.ts';
import { scoreMinMax, usualMinMax } from './min-max.ts';
import type { Model } from './model.ts';
import type { Expected, Score } from './score.ts';
import type { Cadence } from './series.ts';
import { DAY, MINUTE, SECOND } from './time.ts';
import type { Instant } from './time.ts';
import { watts } from './units.ts';
import type { Watts } from './units.ts';
import { Zone } from './zone.ts';

/** Clock offsets are whole quarters of an hour, so within one the bucket stays. */
const QUARTER = 15 * MINUTE;
const EACH_READING: Cadence = { stepMs: MINUTE, holdMs: 10 * MINUTE, readingPerStep: false };

/** A model made ready for the hot path: typed arrays and a zone instead of JSON. Built once per model file. */
export class CompiledModel {
  readonly model: Model;
  readonly zone: Zone;
  readonly cadence: Cadence;
  readonly frozenMs: number | null;
  /** Null for a min-max model, and where history is too thin to decide. */
  readonly leftOn: LeftOn | null;
  readonly #low = new Float64Array(WEEK_BUCKETS).fill(NaN);
  readonly #usual = new Float64Array(WEEK_BUCKETS).fill(NaN);
  readonly #high = new Float64Array(WEEK_BUCKETS).fill(NaN);
  readonly #holidays: ReadonlySet<number>;
  #quarter = NaN;
  #bucket = 0;

  constructor(model: Model) {
    this.model = model;
    this.zone = new Zone(model.zone);
    if (model.kind === 'min-max') {
      this.cadence = EACH_READING;
      this.frozenMs = null;
      this.leftOn = null;
      this.#holidays = new Set();
      for (let bucket = 0; bucket < WEEK_BUCKETS; bucket++) {
        this.#low[bucket] = model.low[bucket % 24] ?? NaN;
        this.#usual[bucket] = usualMinMax(model, bucket % 24);
        this.#high[bucket] = model.high[bucket % 24] ?? NaN;
      }
      return;
    }
    const { step_s, hold_s, reading_per_step, frozen_s } = model.cadence;
    this.cadence = { stepMs: step_s * SECOND, holdMs: hold_s * SECOND, readingPerStep: reading_per_step };
    this.frozenMs = frozen_s === null ? null : frozen_s * SECOND;
    this.leftOn = model.left_on === null ? null : compileLeftOn(model.left_on);
    this.#holidays = new Set(model.holidays.map((date) => Date.parse(`${date}T00:00:00Z`) / DAY));
    for (let bucket = 0; bucket < WEEK_BUCKETS; bucket++) {
      this.#low[bucket] = model.expected.low[bucket] ?? NaN;
      this.#usual[bucket] = model.expected.usual[bucket] ?? NaN;
      this.#high[bucket] = model.expected.high[bucket] ?? NaN;
    }
  }

  /** weekday (0 = Monday) * 24 + hour; a public holiday is a Sunday. */
  bucketAt(at: Instant): number {
    const quarter = Math.floor(at / QUARTER);
    if (quarter === this.#quarter) return this.#bucket;
    const weekday = this.#holidays.has(this.zone.dayNumber(at)) ? 6 : this.zone.weekday(at);
    this.#quarter = quarter;
    this.#bucket = weekday * 24 + this.zone.hour(at);
    return this.#bucket;
  }

  /** Usual power in watts at an instant; NaN when the history does not say. Allocates nothing. */
  usualAt(at: Instant): number {
    return this.usualIn(this.bucketAt(at));
  }

  /** Usual power in watts in a bucket of the week; NaN when the history does not say. */
  usualIn(bucket: number): number {
    return this.#usual[bucket] ?? NaN;
  }

  /** Expected range of plain power in a bucket of the week. */
  expectedIn(bucket: number): Expected {
    const [low, usual, high] = [this.#low[bucket], this.#usual[bucket], this.#high[bucket]];
    if (
      low === undefined ||
      usual === undefined ||
      high === undefined ||
      !(low < high) ||
      Number.isNaN(usual)
    ) {
      return { known: false, why: this.model.kind === 'left-on' ? NO_RANGE : 'no such bucket' };
    }
    return { known: true, low: watts(low), usual: watts(usual), high: watts(high) };
  }

  /** Expected range of an hour 0..23 of any weekday: the mean of the seven. */
  expectedAtHour(hour: number): Expected {
    const week = [0, 1, 2, 3, 4, 5, 6].map((day) => this.expectedIn(day * 24 + hour));
    const known = week.filter((range) => range.known);
    if (known.length < week.length) return { known: false, why: NO_RANGE };
    const mean = (side: 'low' | 'usual' | 'high'): Watts =>
      watts(known.reduce((sum, range) => sum + range[side], 0) / known.length);
    return { known: true, low: mean('low'), usual: mean('usual'), high: mean('high') };
  }

  /** Expected range of plain power at an instant. */
  expectedAt(at: Instant): Expected {
    return this.expectedIn(this.bucketAt(at));
  }

  /** One power against the expected range of its bucket, by the article's formula. */
  scoreIn(bucket: number, power: Watts): Score {
    if (this.model.kind === 'min-max') {
      const score = scoreMinMax(this.model, bucket % 24, power);
      return Number.isFinite(score)
        ? { known: true, score }
        : { known: false, why: 'low equals high at this hour' };
    }
    return scoreIn(this.expectedIn(bucket), power);
  }

  /** One power against the expected range of an hour 0..23 of any weekday. */
  scoreAtHour(hour: number, power: Watts): Score {
    return this.model.kind === 'min-max'
      ? this.scoreIn(hour, power)
      : scoreIn(this.expectedAtHour(hour), power);
  }

  /** One power at an instant, see scoreIn. */
  scoreAt(at: Instant, power: Watts): Score {
    return this.scoreIn(this.bucketAt(at), power);
  }
}

function scoreIn(range: Expected, power: Watts): Score {
  return range.known ? { known: true, score: (power - range.low) / (range.high - range.low) } : range;
}

const NO_RANGE = 'less than one day of history: no expected range yet';

/** @throws LeftOnError `unknown_zone` when this runtime does not know the model's zone. */
export const compileModel = (model: Model): CompiledModel => new CompiledModel(model);
