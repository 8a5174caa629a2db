import { Decoder } from './decode.ts';
import { LeftOnError } from '../errors.ts';
import { WEEK_BUCKETS } from './expected.ts';
import { watchingFor } from '../left-on/index.ts';
import { factsOf } from './model-facts.ts';
import type { ModelFacts } from './model-facts.ts';
import { parseModel } from './model-file.ts';
import type { Model } from './model.ts';
import { Numbers } from './numbers.ts';
import type { Cadence } from '../series/resampler.ts';
import { dayOfDate, MINUTE, SECOND } from '../time.ts';

const HOURS = 24;
/** Of the bytes: which kinds of numbers follow, and how many. Multiples of 8, so that doubles stand where they may. */
const HEADER_BYTES = 16;

/** A model as texts and bytes, as a store keeps it: 8 KB instead of the 25 KB of its file. */
export interface ModelBytes {
  /** JSON of all but the long lists. */
  readonly head: string;
  readonly numbers: Uint8Array<ArrayBuffer>;
}

/** What the hot path needs of the head. */
export interface ModelHead {
  readonly kind: Model['kind'];
  readonly meter: string | null;
  readonly zone: string;
  readonly why: string | null;
  readonly cadence: Cadence;
  readonly frozenMs: number | null;
  /** Day numbers that count as Sundays. */
  readonly holidays: ReadonlySet<number>;
  /** Null for a min-max model, and where history is too thin to decide. */
  readonly leftOn: { readonly baseW: number; readonly days: number } | null;
}

const EACH_READING: Cadence = { stepMs: MINUTE, holdMs: 10 * MINUTE, readingPerStep: false };
const NO_HOLIDAYS: ReadonlySet<number> = new Set();

/** A model whose long lists are kept in few bytes; each number is exactly that of its file. */
export class PackedModel {
  readonly head: ModelHead;
  /** low, usual and high of each bucket of the week; of a min-max table low and high of each hour. */
  readonly range: Numbers;
  /** limitMin of each watcher and hour, then longestMin of each; null where nothing decides. */
  readonly minutes: Numbers | null;
  readonly #text: string;

  private constructor(text: string, range: Numbers, minutes: Numbers | null) {
    this.head = headOf(text);
    this.range = range;
    this.minutes = minutes;
    this.#text = text;
  }

  static of(model: Model): PackedModel {
    if (model.kind === 'min-max') {
      const { low, high, ...head } = model;
      return new PackedModel(JSON.stringify(head), Numbers.of([...low, ...high]), null);
    }
    const { expected, left_on, ...rest } = model;
    const { low, usual, high } = expected;
    const range = Numbers.of([...low, ...usual, ...high]);
    if (left_on === null) return new PackedModel(JSON.stringify({ ...rest, left_on }), range, null);
    // which watchers there are follows from the step
    const { watchers, ...base } = left_on;
    const minutes = Numbers.of([
      ...watchers.flatMap(({ limitMin }) => limitMin),
      ...watchers.flatMap(({ longestMin }) => longestMin),
    ]);
    return new PackedModel(JSON.stringify({ ...rest, left_on: base }), range, minutes);
  }

  /**
   * A model from a store. The bytes are kept, not copied.
   * @throws LeftOnError `bad_model` or `bad_value` naming the place
   */
  static fromBytes({ head, numbers }: ModelBytes, place = 'model'): PackedModel {
    const { buffer, byteOffset, byteLength } = numbers;
    const view = new DataView(buffer, byteOffset, byteLength);
    const broken = (found: string): never => {
      throw new LeftOnError({ code: 'bad_model', place, expected: 'numbers of a packed model', found });
    };
    if (byteLength < HEADER_BYTES || byteOffset % 8 !== 0) return broken(`${byteLength} bytes`);
    const [ranges, minutes] = [view.getUint32(4, true), view.getUint32(8, true)];
    const from = byteOffset + HEADER_BYTES;
    const range = Numbers.fromBytes(view.getUint8(0), ranges, buffer, from);
    if (range === undefined) return broken(`${byteLength} bytes for ${ranges} numbers`);
    if (minutes === 0) return new PackedModel(head, range, null);
    const rest = Numbers.fromBytes(view.getUint8(1), minutes, buffer, from + aligned(range.byteLength));
    if (rest === undefined) return broken(`${byteLength} bytes for ${ranges + minutes} numbers`);
    return new PackedModel(head, range, rest);
  }

  toBytes(): ModelBytes {
    const range = this.range.toBytes();
    const minutes = this.minutes?.toBytes() ?? { kind: 0, bytes: new Uint8Array() };
    const first = HEADER_BYTES + aligned(range.bytes.length);
    const numbers = new Uint8Array(first + aligned(minutes.bytes.length));
    numbers[0] = range.kind;
    numbers[1] = minutes.kind;
    const view = new DataView(numbers.buffer);
    view.setUint32(4, this.range.length, true);
    view.setUint32(8, this.minutes?.length ?? 0, true);
    numbers.set(range.bytes, HEADER_BYTES);
    numbers.set(minutes.bytes, first);
    return { head: this.#text, numbers };
  }

  /**
   * What people are told of it, read from its text each time: cheap, and nothing is kept of it.
   * @throws LeftOnError where bytes of a store say what no model says
   */
  get facts(): ModelFacts {
    return factsOf(this.#text);
  }

  /** Bytes of its numbers and its text, all that grows with it. */
  get byteLength(): number {
    return this.range.byteLength + (this.minutes?.byteLength ?? 0) + this.#text.length;
  }

  /**
   * The model as its file has it.
   * @throws LeftOnError where bytes of a store say what no model says
   */
  unpack(): Model {
    const head = JSON.parse(this.#text) as Readonly<Record<string, unknown>>;
    const { range, minutes } = this;
    if (this.head.kind === 'min-max') {
      return parseModel({ ...head, low: range.slice(0, HOURS), high: range.slice(HOURS, 2 * HOURS) });
    }
    const [low, usual, high] = [0, 1, 2].map((i) => range.slice(i * WEEK_BUCKETS, (i + 1) * WEEK_BUCKETS));
    const expected = { low, usual, high };
    if (minutes === null) return parseModel({ ...head, expected });
    const { watchers } = watchingFor(this.head.cadence.stepMs);
    const full = watchers.map((watcher, i) => ({
      ...watcher,
      limitMin: minutes.slice(i * HOURS, (i + 1) * HOURS),
      longestMin: minutes.slice((watchers.length + i) * HOURS, (watchers.length + i + 1) * HOURS),
    }));
    return parseModel({ ...head, expected, left_on: { ...(head.left_on as object), watchers: full } });
  }
}

const aligned = (bytes: number): number => (bytes + 7) & ~7;

function headOf(text: string): ModelHead {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new LeftOnError({ code: 'bad_model', place: 'head', expected: 'JSON', found: text.slice(0, 40) });
  }
  const head = new Decoder(json, 'head');
  const kind = head.at('kind').oneOf('min-max', 'left-on');
  const meter = head.at('meter').nullable((item) => item.string());
  const zone = head.at('zone').string();
  if (kind === 'min-max') {
    const none = { why: null, frozenMs: null, leftOn: null };
    return { kind, meter, zone, cadence: EACH_READING, holidays: NO_HOLIDAYS, ...none };
  }
  const cadence = head.at('cadence');
  const days = head.at('holidays').list((item) => dayOfDate(item.string()));
  return {
    ...{ kind, meter, zone },
    why: head.at('why').nullable((item) => item.string()),
    cadence: {
      stepMs: cadence.at('step_s').number(1) * SECOND,
      holdMs: cadence.at('hold_s').number(1) * SECOND,
      readingPerStep: cadence.at('reading_per_step').boolean(),
    },
    frozenMs: cadence.at('frozen_s').nullable((value) => value.number(1) * SECOND),
    holidays: days.length === 0 ? NO_HOLIDAYS : new Set(days),
    leftOn: head.at('left_on').nullable((item) => ({
      baseW: item.at('baseW').number(),
      days: item.at('days').number(0),
    })),
  };
}
