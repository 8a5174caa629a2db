import { DAY, HOUR, MINUTE, wallClockMs } from '@lefton/core';

/** Order of the parts of a date such as 03/04/2024. */
export type DateOrder = 'day_first' | 'month_first' | 'undecided';

const NO_DATE = -1;

/**
 * Reads the times of exports without allocating: ISO, 20231019, 16/12/2006, 3-4-24; with or without a time of day,
 * seconds, fractions, AM or PM, Z or an offset. After read(), `offset` holds the offset that the text named.
 */
export class TimeText {
  readonly #order: DateOrder;
  #text = '';
  #at = 0;
  #digits = 0;
  #year = NO_DATE;
  #month = NO_DATE;
  #day = NO_DATE;
  #dayMs = NaN;
  /** Milliseconds to subtract from the wall clock to get the instant; NaN when the text named no offset. */
  offset = NaN;
  /** The date is packed, as the order of its parts is undecided. */
  packed = false;

  constructor(order: DateOrder) {
    this.#order = order;
  }

  /**
   * Milliseconds since 1970 on the clock the text is written in (see wallClockMs), NaN when it is no time.
   * With an undecided order a date with the year last is packed instead, see unpackDate.
   */
  read(text: string): number {
    this.#text = text;
    this.#at = 0;
    this.offset = NaN;
    this.packed = false;
    this.#skipSpaces();
    const day = this.#date();
    if (Number.isNaN(day)) return NaN;
    const code = text.charCodeAt(this.#at);
    // T, space or comma stands between date and time
    if (code === 84 || code === 32 || code === 44) this.#at += 1;
    this.#skipSpaces();
    if (this.#at >= text.length) return day;
    const time = this.#timeOfDay();
    return this.#at === text.length ? day + time : NaN;
  }

  #date(): number {
    const first = this.#number();
    if (this.#width() === 8) {
      return this.#dayOf(Math.floor(first / 10_000), Math.floor(first / 100) % 100, first % 100);
    }
    const width = this.#width();
    const mark = this.#text.charCodeAt(this.#at);
    // - . / between the parts, the same one twice
    if (mark < 45 || mark > 47) return NaN;
    this.#at += 1;
    const second = this.#number();
    if (this.#width() === 0 || this.#width() > 2 || this.#text.charCodeAt(this.#at) !== mark) return NaN;
    this.#at += 1;
    const third = this.#number();
    if (width === 4) return this.#width() <= 2 ? this.#dayOf(first, second, third) : NaN;
    if (width === 0 || width > 2 || (this.#width() !== 4 && this.#width() !== 2)) return NaN;
    const year = this.#width() === 2 ? 2_000 + third : third;
    this.packed = this.#order === 'undecided';
    if (this.packed) return packDate(year, first, second);
    return this.#order === 'day_first' ? this.#dayOf(year, second, first) : this.#dayOf(year, first, second);
  }

  #dayOf(year: number, month: number, day: number): number {
    if (day === this.#day && month === this.#month && year === this.#year) return this.#dayMs;
    this.#year = year;
    this.#month = month;
    this.#day = day;
    this.#dayMs = wallClockMs({ year, month, day, hour: 0, minute: 0, second: 0 }) ?? NaN;
    return this.#dayMs;
  }

  #timeOfDay(): number {
    let hour = this.#number();
    if (this.#width() === 0 || this.#width() > 2 || this.#text.charCodeAt(this.#at) !== 58) return NaN;
    this.#at += 1;
    const minute = this.#number();
    if (this.#width() !== 2) return NaN;
    let second = 0;
    let fraction = 0;
    if (this.#text.charCodeAt(this.#at) === 58) {
      this.#at += 1;
      second = this.#number();
      if (this.#width() !== 2) return NaN;
      const mark = this.#text.charCodeAt(this.#at);
      if (mark === 46 || mark === 44) {
        this.#at += 1;
        const digits = this.#number();
        if (this.#width() === 0 || this.#width() > 9) return NaN;
        fraction = Math.round((digits / 10 ** this.#width()) * 1_000);
      }
    }
    this.#skipSpaces();
    hour = this.#halfOfDay(hour);
    this.#zone();
    const time = hour * HOUR + minute * MINUTE + second * 1_000 + fraction;
    // 24:00 is the end of the day in several exports
    return minute < 60 && second < 60 && time <= DAY ? time : NaN;
  }

  #halfOfDay(hour: number): number {
    // with the bit for lower case set, a is 97, p 112 and m 109
    const half = this.#text.charCodeAt(this.#at) | 32;
    if ((half !== 97 && half !== 112) || (this.#text.charCodeAt(this.#at + 1) | 32) !== 109) return hour;
    this.#at += 2;
    if (hour < 1 || hour > 12) return NaN;
    return (hour % 12) + (half === 112 ? 12 : 0);
  }

  #zone(): void {
    this.#skipSpaces();
    const code = this.#text.charCodeAt(this.#at);
    if ((code | 32) === 122) {
      this.#at += 1;
      this.offset = 0;
    } else if (code === 43 || code === 45) {
      this.#at += 1;
      let hours = this.#number();
      let minutes = 0;
      if (this.#width() === 4) {
        minutes = hours % 100;
        hours = Math.floor(hours / 100);
      } else if (this.#width() !== 2) {
        this.#at = -1;
      } else if (this.#text.charCodeAt(this.#at) === 58) {
        this.#at += 1;
        minutes = this.#number();
        if (this.#width() !== 2) this.#at = -1;
      }
      if (hours > 23 || minutes > 59) this.#at = -1;
      this.offset = (code === 45 ? -1 : 1) * (hours * HOUR + minutes * MINUTE);
    }
    if (this.#at >= 0) this.#skipSpaces();
  }

  /** Reads digits from the place reached; #width() says how many there were. */
  #number(): number {
    const start = this.#at;
    let value = 0;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      // also false for the NaN after the end
      if (!(code >= 48 && code <= 57) || this.#at - start > 16) break;
      value = value * 10 + (code - 48);
      this.#at += 1;
    }
    this.#digits = this.#at - start;
    return value;
  }

  #width(): number {
    return this.#digits;
  }

  #skipSpaces(): void {
    while (this.#text.charCodeAt(this.#at) === 32) this.#at += 1;
  }
}

/** A date whose first two parts are in an order nobody knows yet, as days; times of day may be added to it. */
function packDate(year: number, first: number, second: number): number {
  return ((year * 100 + first) * 100 + second) * DAY;
}

/** The wall-clock time of a packed date in the given order, NaN when there is no such date. */
export function unpackDate(packed: number, dayFirst: boolean): number {
  const days = Math.floor(packed / DAY);
  const [first, second] = [Math.floor(days / 100) % 100, days % 100];
  const year = Math.floor(days / 10_000);
  const [month, day] = dayFirst ? [second, first] : [first, second];
  const date = wallClockMs({ year, month, day, hour: 0, minute: 0, second: 0 });
  return date === undefined ? NaN : date + (packed - days * DAY);
}
