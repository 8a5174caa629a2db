import { LeftOnError } from '../errors.ts';
import { WEEK_BUCKETS } from './expected.ts';
import { minutesOf, watchingFor } from '../left-on/index.ts';
import type { LeftOn, Watching } from '../left-on/index.ts';
import { scoreMinMax, usualMinMax } from './min-max.ts';
import type { Model } from './model.ts';
import { PackedModel } from './packed-model.ts';
import type { Expected, Score } from '../score.ts';
import type { Cadence } from '../series/resampler.ts';
import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import { watts } from '../units.ts';
import type { Watts } from '../units.ts';
import { Zone } from '../zone.ts';

/** Clock offsets are whole quarters of an hour, so within one the bucket stays. */
const QUARTER = 15 * MINUTE;

/** What models have in common and share: what is watched for at a step. */
export class CommonParts {
  readonly #watching = new Map<number, Watching>();

  watchingAt(stepMs: number): Watching {
    const watching = this.#watching.get(stepMs) ?? watchingFor(stepMs);
    this.#watching.set(stepMs, watching);
    return watching;
  }
}

/** A model made ready for the hot path: numbers in few bytes and a zone instead of JSON. Built once per model. */
export class CompiledModel {
  readonly packed: PackedModel;
  readonly kind: Model['kind'];
  readonly zone: Zone;
  readonly cadence: Cadence;
  readonly frozenMs: number | null;
  /** Null for a min-max model, and where history is too thin to decide. */
  readonly leftOn: LeftOn | null;
  /** Buckets that differ: hours of the day in a min-max table, else of the week. */
  readonly #buckets: number;
  #bucket = 0;
  /** The quarter of an hour that the bucket was looked up for, and usual power in it. */
  readonly #known = new Float64Array([NaN, NaN]);

  /** @throws LeftOnError `bad_model` where the numbers are not those of its watchers */
  constructor(packed: PackedModel, common: CommonParts) {
    const { kind, zone, cadence, frozenMs, leftOn } = packed.head;
    this.packed = packed;
    this.kind = kind;
    this.zone = Zone.named(zone);
    this.cadence = cadence;
    this.frozenMs = frozenMs;
    this.#buckets = kind === 'min-max' ? 24 : WEEK_BUCKETS;
    const sides = kind === 'min-max' ? 2 : 3;
    if (packed.range.length !== sides * this.#buckets) throw wrongNumbers(packed.range.length);
    this.leftOn = null;
    if (leftOn === null) return;
    const { minutes } = packed;
    const watching = common.watchingAt(cadence.stepMs);
    if (minutes?.length !== minutesOf(watching)) throw wrongNumbers(minutes?.length ?? 0);
    this.leftOn = { watching, minutes, ...leftOn };
  }

  /** The model as its file has it, made anew and validated: for people, never per reading. */
  toModel(): Model {
    return this.packed.unpack();
  }

  /** Meter id; null: any meter. */
  get meter(): string | null {
    return this.packed.head.meter;
  }

  /** Why nothing is decided; null where it is. */
  get why(): string | null {
    return this.packed.head.why;
  }

  /** weekday (0 = Monday) * 24 + hour; a public holiday is a Sunday. */
  bucketAt(at: Instant): number {
    this.#turnTo(at);
    return this.#bucket;
  }

  /** Usual power in watts at an instant; NaN when the history does not say. Allocates nothing. */
  usualAt(at: Instant): number {
    this.#turnTo(at);
    return this.#known[1] ?? NaN;
  }

  #turnTo(at: Instant): void {
    const from = this.#known[0] ?? NaN;
    if (at >= from && at < from + QUARTER) return;
    const weekday = this.packed.head.holidays.has(this.zone.dayNumber(at)) ? 6 : this.zone.weekday(at);
    this.#bucket = weekday * 24 + this.zone.hour(at);
    this.#known[0] = Math.floor(at / QUARTER) * QUARTER;
    this.#known[1] = this.usualIn(this.#bucket);
  }

  /** Usual power in watts in a bucket of the week; NaN when the history does not say. */
  usualIn(bucket: number): number {
    const { range } = this.packed;
    if (this.kind === 'left-on') return range.at(WEEK_BUCKETS + bucket);
    return usualMinMax(range.at(bucket % 24), range.at(24 + (bucket % 24)));
  }

  /** Expected range of plain power in a bucket of the week. */
  expectedIn(bucket: number): Expected {
    const inside = bucket >= 0 && bucket < WEEK_BUCKETS;
    const low = inside ? this.#low(bucket) : NaN;
    const high = inside ? this.#high(bucket) : NaN;
    const usual = this.usualIn(bucket);
    if (!(low < high) || Number.isNaN(usual))
      return { known: false, why: this.kind === 'left-on' ? NO_RANGE : 'no such bucket' };
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
    if (this.kind === 'min-max') {
      const score = scoreMinMax(this.#low(bucket), this.#high(bucket), power);
      return Number.isFinite(score)
        ? { known: true, score }
        : { known: false, why: 'low equals high at this hour' };
    }
    return scoreIn(this.expectedIn(bucket), power);
  }

  /** One power against the expected range of an hour 0..23 of any weekday. */
  scoreAtHour(hour: number, power: Watts): Score {
    return this.kind === 'min-max' ? this.scoreIn(hour, power) : scoreIn(this.expectedAtHour(hour), power);
  }

  /** One power at an instant, see scoreIn. */
  scoreAt(at: Instant, power: Watts): Score {
    return this.scoreIn(this.bucketAt(at), power);
  }

  #low(bucket: number): number {
    return this.packed.range.at(bucket % this.#buckets);
  }

  #high(bucket: number): number {
    return this.packed.range.at((this.kind === 'min-max' ? 24 : 2 * WEEK_BUCKETS) + (bucket % this.#buckets));
  }
}

function scoreIn(range: Expected, power: Watts): Score {
  return range.known ? { known: true, score: (power - range.low) / (range.high - range.low) } : range;
}

const NO_RANGE = 'less than one day of history: no expected range yet';

const wrongNumbers = (found: number): LeftOnError =>
  new LeftOnError({
    code: 'bad_model',
    place: 'numbers',
    expected:
      'as many as this version has watchers and hours; a model of another version is fitted anew: lefton fit',
    found: String(found),
  });

/** @throws LeftOnError `unknown_zone` when this runtime does not know the model's zone. */
export const compileModel = (model: Model): CompiledModel =>
  new CompiledModel(PackedModel.of(model), new CommonParts());
