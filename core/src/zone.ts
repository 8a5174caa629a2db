import { LeftOnError } from './errors.ts';
import { DAY, HOUR, MINUTE, SECOND } from './time.ts';
import type { Instant, Stretch } from './time.ts';

/** A stretch of time with one offset: from <= instant < to. */
interface Span {
  readonly from: Instant;
  readonly to: Instant;
  readonly offset: number;
}

const NO_SPAN: Span = { from: Infinity, to: -Infinity, offset: 0 };
/** Closer than zones have changed twice since 1990, so that sampling meets every change. */
const SAMPLE = 5 * DAY;
/** Zones are whole quarters of an hour from UTC, and change their clocks at one. */
const QUARTER = HOUR / 4;
/** Zones by the names that they were asked for. */
const made = new Map<string, Zone>();

/**
 * An IANA time zone: decides local hours and days.
 * Offsets are looked up once per change of clock and remembered, so that a lookup costs a few nanoseconds.
 * @throws LeftOnError `unknown_zone` when the name is not an IANA zone of this runtime.
 */
export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #years = new Map<number, readonly Span[]>();
  #span: Span = NO_SPAN;

  constructor(name: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      throw new LeftOnError({
        code: 'unknown_zone',
        place: 'zone',
        expected: 'an IANA zone such as Europe/Paris',
        found: JSON.stringify(name),
      });
    }
    this.name = name;
  }

  /**
   * The zone of a name, made once: to find its changes of clock takes a millisecond.
   * @throws LeftOnError `unknown_zone`
   */
  static named(name: string): Zone {
    const zone = made.get(name) ?? new Zone(name);
    made.set(name, zone);
    return zone;
  }

  /** The zone of that name; undefined where this runtime knows none. */
  static find(name: string): Zone | undefined {
    try {
      return new Zone(name);
    } catch {
      return undefined;
    }
  }

  /** Milliseconds to add to the instant to read it as local wall-clock time. */
  offsetAt(at: Instant): number {
    const span = this.#span;
    if (at >= span.from && at < span.to) return span.offset;
    return this.#seek(at).offset;
  }

  /** Minute of the local day, 0..1439. */
  minuteOfDay(at: Instant): number {
    const local = at + this.offsetAt(at);
    return Math.floor((local - Math.floor(local / DAY) * DAY) / MINUTE);
  }

  /** Local hour, 0..23. */
  hour(at: Instant): number {
    const local = at + this.offsetAt(at);
    return Math.floor((local - Math.floor(local / DAY) * DAY) / HOUR);
  }

  /** Local weekday, 0 = Monday .. 6 = Sunday. */
  weekday(at: Instant): number {
    const day = this.dayNumber(at) + 3;
    return day - Math.floor(day / 7) * 7;
  }

  /** Local days since 1970-01-01. */
  dayNumber(at: Instant): number {
    return Math.floor((at + this.offsetAt(at)) / DAY);
  }

  /** First instant of a local day. Where the clock jumps over midnight, the first instant after the jump. */
  startOfDay(dayNumber: number): Instant {
    const [first] = this.instantsOf(dayNumber * DAY);
    if (first !== undefined) return first;
    let [low, high] = [dayNumber * DAY - 2 * DAY, dayNumber * DAY + 2 * DAY];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (middle + this.offsetAt(middle) < dayNumber * DAY) low = middle;
      else high = middle;
    }
    return high;
  }

  /**
   * The instants at which the wall clock shows the given time (from wallClockMs), in order:
   * none in the hour that spring skips, two in the hour that autumn repeats, else one.
   */
  instantsOf(localMs: number): readonly Instant[] {
    const before = this.offsetAt(localMs - DAY);
    const after = this.offsetAt(localMs + DAY);
    if (before === after) return [localMs - before];
    return [localMs - before, localMs - after]
      .filter((at) => at + this.offsetAt(at) === localMs)
      .sort((a, b) => a - b);
  }

  /** The hours of the local clock, from the one that the first instant is in to the one before the end; shorter where it is set. */
  hoursIn(from: Instant, to: Instant): readonly Stretch[] {
    const areOne = (a: Instant, b: Instant): boolean => {
      const offset = this.offsetAt(a);
      return (
        this.offsetAt(b) === offset && Math.floor((a + offset) / HOUR) === Math.floor((b + offset) / HOUR)
      );
    };
    let start = Math.floor(from / QUARTER) * QUARTER;
    while (areOne(start - QUARTER, start)) start -= QUARTER;
    const hours: Stretch[] = [];
    for (let at = start; start < to; at += QUARTER) {
      if (areOne(at, start)) continue;
      hours.push({ from: start, to: at });
      start = at;
    }
    return hours;
  }

  /** Formats an instant as local time with its offset, for example `2026-03-24T03:12:00+01:00`. */
  format(at: Instant): string {
    const offset = this.offsetAt(at);
    const minutes = Math.abs(Math.round(offset / MINUTE));
    const pad = (value: number): string => String(value).padStart(2, '0');
    const sign = offset < 0 ? '-' : '+';
    const local = new Date(at + offset).toISOString().replace('.000Z', 'Z').slice(0, -1);
    return `${local}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  }

  #seek(at: Instant): Span {
    if (!Number.isFinite(at)) {
      throw new LeftOnError({
        code: 'bad_instant',
        place: 'instant',
        expected: 'milliseconds since 1970',
        found: String(at),
      });
    }
    const year = new Date(at).getUTCFullYear();
    const spans = this.#years.get(year) ?? this.#spansOf(year);
    this.#years.set(year, spans);
    this.#span = spans.find((span) => at < span.to) ?? NO_SPAN;
    return this.#span;
  }

  #spansOf(year: number): readonly Span[] {
    const spans: Span[] = [];
    const end = Date.UTC(year + 1, 0, 1);
    let from = Date.UTC(year, 0, 1);
    let offset = this.#measure(from);
    for (let at = from; at < end; at += SAMPLE) {
      const next = Math.min(at + SAMPLE, end);
      const nextOffset = this.#measure(next);
      if (nextOffset === offset) continue;
      const change = this.#changeBetween(at, next, offset);
      spans.push({ from, to: change, offset });
      from = change;
      offset = nextOffset;
    }
    spans.push({ from, to: end, offset });
    return spans;
  }

  #changeBetween(low: Instant, high: Instant, lowOffset: number): Instant {
    while (high - low > SECOND) {
      const middle = Math.floor((low + high) / 2 / SECOND) * SECOND;
      if (this.#measure(middle) === lowOffset) low = middle;
      else high = middle;
    }
    return high;
  }

  #measure(at: Instant): number {
    const field: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(at)) field[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
    const local = Date.UTC(year, month - 1, day, hour, minute, second);
    return local - Math.floor(at / SECOND) * SECOND;
  }
}
