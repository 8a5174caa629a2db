import { DAY, HOUR } from '../document/notation.ts';
import type { Notation } from '../document/notation.ts';
import { service } from '../service.ts';
import type { Power, RangeHour } from '../service.ts';
import { contains, lengthOf, LONGEST_ASKED, widened } from './span.ts';
import type { Span } from './span.ts';

const NOTHING: Power = { at: [], watts: [] };
/** The expected range is drawn up to so long a span; the service tells 62 days of it at once. */
export const LONGEST_RANGE = 31 * DAY;
/** Around what is shown as much again on each side is at hand. */
const AROUND = 0.5;
const POINTS_PER_PX = 3;
const MOST_POINTS = 5_000;
/** More have come than what they are drawn on can show: they are asked for anew, thinned. */
const TOO_MANY = 3 * MOST_POINTS;

/** What there is of a meter around the span that is looked at. */
export class PowerWindow {
  power: Power = NOTHING;
  faint: Power = NOTHING;
  expected: readonly RangeHour[] = [];
  #meter = '';
  #covered: Span = { from: 0, to: 0 };
  /** Length of the shortest span that the points are enough for. */
  #fineFor = 0;
  #hasRange = false;
  #daysBefore = 0;
  #asked = 0;

  /** True when what is at hand shows this span as well as it can be. */
  shows(meter: string, span: Span, daysBefore: number): boolean {
    return (
      meter === this.#meter &&
      daysBefore === this.#daysBefore &&
      contains(this.#covered, span) &&
      lengthOf(span) >= this.#fineFor &&
      (this.#hasRange || lengthOf(span) > LONGEST_RANGE) &&
      this.power.at.length < TOO_MANY
    );
  }

  /**
   * Asks for a span and what is around it.
   * @param daysBefore how many local days earlier is what it is compared with; 0: with nothing
   * @returns false where something else has been asked for meanwhile
   */
  async load(
    meter: string,
    span: Span,
    width: number,
    daysBefore: number,
    notation: Notation,
  ): Promise<boolean> {
    const asked = ++this.#asked;
    const room = ((LONGEST_ASKED - 2 * HOUR) / lengthOf(span) - 1) / 2;
    const wanted = widened(span, Math.min(AROUND, room));
    const points = Math.min(MOST_POINTS, Math.max(600, Math.ceil(width * POINTS_PER_PX)));
    const hasRange = lengthOf(span) <= LONGEST_RANGE;
    // where clocks change a day is an hour longer or shorter
    const before = { from: wanted.from - daysBefore * DAY - HOUR, to: wanted.to - daysBefore * DAY + HOUR };
    const [power, expected, earlier] = await Promise.all([
      service.readings(meter, wanted.from, wanted.to, points),
      hasRange ? service.expected(meter, wanted.from, wanted.to + HOUR) : [],
      daysBefore === 0 ? NOTHING : service.readings(meter, before.from, before.to, points),
    ]);
    if (asked !== this.#asked) return false;
    this.#meter = meter;
    this.#covered = wanted;
    this.#daysBefore = daysBefore;
    this.#fineFor = power.whole ? 0 : lengthOf(span) / 2;
    this.#hasRange = hasRange;
    this.power = { at: power.at, watts: power.watts };
    this.faint = daysLater(earlier, daysBefore, notation);
    this.expected = expected;
    return true;
  }

  /** Nothing is at hand, and what is on its way is of no use: another meter is looked at. */
  forget(): void {
    this.#asked++;
    this.#meter = '';
    this.#covered = { from: 0, to: 0 };
    [this.power, this.faint, this.expected] = [NOTHING, NOTHING, []];
  }

  /** Readings that came since. What is beyond the window is not kept. */
  add({ at, watts }: Power): void {
    for (const [i, instant] of at.entries()) {
      if (instant <= (this.power.at.at(-1) ?? -Infinity) || instant > this.#covered.to) continue;
      this.power.at.push(instant);
      this.power.watts.push(watts[i] ?? 0);
    }
  }
}

/** Power where the same time of the local clock is so many days later. An hour that the clock runs through twice is there once. */
function daysLater({ at, watts }: Power, days: number, notation: Notation): Power {
  const moved: Power = { at: [], watts: [] };
  for (const [i, instant] of at.entries()) {
    const place = notation.daysLater(instant, days);
    if (place === undefined || place <= (moved.at.at(-1) ?? -Infinity)) continue;
    moved.at.push(place);
    moved.watts.push(watts[i] ?? 0);
  }
  return moved;
}
