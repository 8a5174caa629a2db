/** Lengths of time in ms: the browser does not load the core, which has them for all others. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Units of time as the language writes them after a number. */
interface TimeUnits {
  readonly seconds: string;
  readonly minutes: string;
  readonly hours: string;
  readonly days: string;
}

/** How quantities and local times are written: in a language, and in the zone of the home. */
export class Notation {
  readonly language: string;
  readonly zone: string;
  readonly #units: TimeUnits;
  readonly #clock: Intl.DateTimeFormat;
  readonly #weekday: Intl.DateTimeFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #month: Intl.DateTimeFormat;
  readonly #fields: Intl.DateTimeFormat;
  readonly #offset: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  constructor(language: string, zone: string, units: TimeUnits) {
    this.language = language;
    this.zone = zone;
    this.#units = units;
    const form = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
      new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: 'h23', ...options });
    this.#clock = form({ hour: '2-digit', minute: '2-digit' });
    this.#weekday = form({ weekday: 'short', day: 'numeric', month: 'short' });
    this.#date = form({ day: 'numeric', month: 'short', year: 'numeric' });
    this.#month = form({ month: 'short', year: 'numeric' });
    this.#fields = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    this.#offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  }

  /** `2.1 kW`; below 100 W in watts. */
  power(watts: number): string {
    return Math.abs(watts) < 99.5 ? `${this.number(watts, 0)} W` : `${this.number(watts / 1000, 1)} kW`;
  }

  /** `1.4 kWh`; below 100 Wh in watt-hours. */
  energy(wattHours: number): string {
    return Math.abs(wattHours) < 99.5
      ? `${this.number(wattHours, 0)} Wh`
      : `${this.number(wattHours / 1000, 1)} kWh`;
  }

  number(value: number, digits: number): string {
    return value.toLocaleString(this.language, {
      // without it there is a -0
      signDisplay: 'negative',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  }

  /** `03:12` */
  clock(at: number): string {
    return this.#clock.format(at);
  }

  /** `Tue 24 Mar` */
  day(at: number): string {
    return this.#weekday.format(at);
  }

  /** `Mar 2026` */
  month(at: number): string {
    return this.#month.format(at);
  }

  /** `24 Mar 2026` */
  date(at: number): string {
    return this.#date.format(at);
  }

  /** `03:12`, with its day where it was not within the last 20 hours, with its year after half of one. */
  moment(at: number, now: number): string {
    const ago = Math.abs(now - at);
    return ago < 20 * HOUR ? this.clock(at) : this.#dated(at, ago);
  }

  /** Both ends of a stretch: the end by its clock alone on the day of the beginning, else both with their days. */
  stretch(from: number, to: number, now: number): [from: string, to: string] {
    if (this.date(from) === this.date(to)) return [this.moment(from, now), this.clock(to)];
    const ago = Math.max(Math.abs(now - from), Math.abs(now - to));
    return [this.#dated(from, ago), this.#dated(to, ago)];
  }

  /** `45 s`, `12 min`, `3 h 10 min`, `2 days 4 h`. */
  duration(ms: number): string {
    const { seconds, minutes, hours, days } = this.#units;
    const [s, min, h] = [
      Math.max(0, Math.round(ms / 1000)),
      Math.round(ms / MINUTE),
      Math.floor(Math.round(ms / MINUTE) / 60),
    ];
    if (s < 90) return `${s} ${seconds}`;
    if (min < 90) return `${min} ${minutes}`;
    if (h < 48) return `${h} ${hours}${min % 60 === 0 ? '' : ` ${min % 60} ${minutes}`}`;
    return `${Math.floor(h / 24)} ${days}${h % 24 === 0 || h > 240 ? '' : ` ${h % 24} ${hours}`}`;
  }

  /** `Mon` .. `Sun`, 0 is Monday. */
  weekdayName(day: number): string {
    // 2026-01-05 is a Monday
    const at = Date.UTC(2026, 0, 5 + day, 12);
    return new Intl.DateTimeFormat(this.language, { weekday: 'short', timeZone: 'UTC' }).format(at);
  }

  /** Local hour of the week: weekday (0 = Monday) * 24 + hour. */
  hourOfWeek(at: number): number {
    const { weekday = '', hour } = this.#fieldsOf(at);
    return ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(weekday) * 24 + Number(hour);
  }

  /** Local time of day in hours: 3.5 at half past three. */
  timeOfDay(at: number): number {
    const { hour, minute } = this.#fieldsOf(at);
    return Number(hour) + Number(minute) / 60;
  }

  /** The same time of the local clock so many days later; undefined where the clock leaves it out on that day. */
  daysLater(at: number, days: number): number | undefined {
    const later = at + days * DAY;
    const offset = this.#offsetOf(later);
    const place = later - (offset - this.#offsetOf(at));
    return this.#offsetOf(place) === offset ? place : undefined;
  }

  /** Of the local clock from UTC, in ms. Clocks change at full or half hours: one answer stands for half an hour. */
  #offsetOf(at: number): number {
    const half = Math.floor(at / (HOUR / 2));
    const known = this.#offsets.get(half);
    if (known !== undefined) return known;
    const name = this.#offset.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes = 0] = /([+-])(\d+):?(\d+)?/.exec(name) ?? [null, '+', 0];
    const offset = (Number(hours) * HOUR + Number(minutes) * MINUTE) * (sign === '-' ? -1 : 1);
    this.#offsets.set(half, offset);
    return offset;
  }

  #dated(at: number, ago: number): string {
    return `${ago < 180 * DAY ? this.day(at) : this.date(at)}, ${this.clock(at)}`;
  }

  #fieldsOf(at: number): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
    return Object.fromEntries(this.#fields.formatToParts(at).map(({ type, value }) => [type, value]));
  }
}
