import { drawn } from '../document/element.ts';
import type { Home } from '../home.ts';
import { service } from '../service.ts';
import type { Power, RangeHour } from '../service.ts';
import { HOUR } from '../document/notation.ts';
import { lengthOf, LONGEST_ASKED, widened } from '../power/span.ts';
import type { Span } from '../power/span.ts';

const [WIDTH, HEIGHT] = [340, 120];
const TOP = 8;
const LEAST_AROUND_MS = HOUR;
const POINTS = 400;
/** Of one that lasts, the picture is made again when it has become longer by this share. */
const GROWN = 0.1;

/** A small picture of power around an episode; asked for when it comes into view. */
export class EpisodePicture {
  readonly element = drawn('svg', {
    ...{ viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', class: 'thumb' },
    // there is nothing to be read out before it is drawn
    'aria-hidden': 'true',
  });
  readonly #home: Home;
  readonly #seen: IntersectionObserver;
  #wanted: { readonly stretch: Span; readonly open: boolean } | undefined;
  #shownTo = -Infinity;
  #inView = false;

  constructor(home: Home) {
    this.#home = home;
    this.#seen = new IntersectionObserver((entries) => {
      this.#inView = entries.some(({ isIntersecting }) => isIntersecting);
      if (this.#inView) void this.#load();
    });
    this.#seen.observe(this.element);
  }

  /** @param until ms; null while it lasts */
  show(since: number, until: number | null): void {
    this.#wanted = {
      stretch: { from: since, to: until ?? Math.max(since + 1, this.#home.heard) },
      open: until === null,
    };
    if (this.#inView) void this.#load();
  }

  async #load(): Promise<void> {
    if (this.#wanted === undefined) return;
    const { stretch, open } = this.#wanted;
    const grown = stretch.to - this.#shownTo;
    // what is over may have ended before what was shown last
    if (open ? grown <= lengthOf(stretch) * GROWN : grown === 0) return;
    this.#shownTo = stretch.to;
    const { meter } = this.#home.meter;
    const room = (LONGEST_ASKED / lengthOf(stretch) - 1) / 2;
    const around = Math.max(0.4, LEAST_AROUND_MS / lengthOf(stretch));
    const span = widened(stretch, Math.min(around, room));
    const days = Math.min(span.to, span.from + 60 * 24 * HOUR);
    try {
      const [power, expected] = await Promise.all([
        service.readings(meter, span.from, span.to, POINTS),
        service.expected(meter, span.from, days),
      ]);
      this.#draw(span, stretch, power, expected);
      // what lasts is as long as the service said last
      if (!open) this.#seen.disconnect();
    } catch {
      this.#shownTo = -Infinity;
    }
  }

  #draw(span: Span, stretch: Span, { at, watts }: Power, expected: readonly RangeHour[]): void {
    const { notation, texts, now } = this.#home;
    const most = Math.max(500, ...watts, ...expected.map(({ high }) => high));
    const least = Math.min(0, ...watts);
    const x = (instant: number): number => ((instant - span.from) / lengthOf(span)) * WIDTH;
    const y = (power: number): number => HEIGHT - ((power - least) / (most - least)) * (HEIGHT - TOP);
    const hours = expected.map((hour) =>
      drawn('rect', {
        ...{ class: 'range', x: round(x(hour.at)), width: round(x(hour.until) - x(hour.at)) },
        ...{ y: round(y(hour.high)), height: round(y(hour.low) - y(hour.high)) },
      }),
    );
    const within = (instant: number): boolean => instant >= stretch.from && instant <= stretch.to;
    const line = (wanted: boolean): string =>
      at
        .map((instant, i) => {
          const joined = i > 0 && within(instant) === wanted;
          return `${joined ? 'L' : 'M'}${round(x(instant))} ${round(y(watts[i] ?? 0))}`;
        })
        .join('');
    const label = texts.episodes.picture(...notation.stretch(span.from, span.to, now));
    this.element.setAttribute('aria-label', label);
    this.element.removeAttribute('aria-hidden');
    this.element.replaceChildren(
      ...hours,
      drawn('path', { class: 'inside', d: line(false) }),
      drawn('path', { class: 'outside', d: line(true) }),
      drawn('rect', {
        class: 'mark',
        x: round(x(stretch.from)),
        y: 0,
        height: 4,
        width: round(Math.max(2, x(stretch.to) - x(stretch.from))),
      }),
      drawn('text', { x: 4, y: TOP + 12 }, notation.power(most)),
    );
  }
}

const round = (value: number): number => Math.round(value * 10) / 10;
