import { service } from './service.ts';
import type { Power, RangeHour } from './service.ts';
import { contains, DAY, HOUR, lengthOf, LONGEST_ASKED, widened } from './span.ts';
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
  #faintMs = 0;
  #asked = 0;

  /** True when what is at hand shows this span as well as it can be. */
  shows(meter: string, span: Span, faintMs: number): boolean {
    return (
      meter === this.#meter &&
      faintMs === this.#faintMs &&
      contains(this.#covered, span) &&
      lengthOf(span) >= this.#fineFor &&
      (this.#hasRange || lengthOf(span) > LONGEST_RANGE) &&
      this.power.at.length < TOO_MANY
    );
  }

  /**
   * Asks for a span and what is around it.
   * @param faintMs how much earlier is what it is compared with; 0: with nothing
   * @returns false where something else has been asked for meanwhile
   */
  async load(meter: string, span: Span, width: number, faintMs: number): Promise<boolean> {
    const asked = ++this.#asked;
    const room = (LONGEST_ASKED / lengthOf(span) - 1) / 2;
    const wanted = widened(span, Math.min(AROUND, room));
    const points = Math.min(MOST_POINTS, Math.max(600, Math.ceil(width * POINTS_PER_PX)));
    const hasRange = lengthOf(span) <= LONGEST_RANGE;
    const [power, expected, earlier] = await Promise.all([
      service.readings(meter, wanted.from, wanted.to, points),
      hasRange ? service.expected(meter, wanted.from, wanted.to + HOUR) : [],
      faintMs === 0 ? NOTHING : service.readings(meter, wanted.from - faintMs, wanted.to - faintMs, points),
    ]);
    if (asked !== this.#asked) return false;
    this.#meter = meter;
    this.#covered = wanted;
    this.#faintMs = faintMs;
    this.#fineFor = power.whole ? 0 : lengthOf(span) / 2;
    this.#hasRange = hasRange;
    this.power = { at: power.at, watts: power.watts };
    this.faint = { at: earlier.at.map((at) => at + faintMs), watts: earlier.watts };
    this.expected = expected;
    return true;
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
