import { element } from '../document/element.ts';
import type { Home } from '../home.ts';
import { rangeAt } from './power-drawing.ts';
import { LONGEST_RANGE } from './power-window.ts';
import type { PowerWindow } from './power-window.ts';
import { lengthOf } from './span.ts';
import type { Span } from './span.ts';

/** What the picture of power shows, in words, and its legend. */
export class TodayCaption {
  readonly summary = element('p', { class: 'quiet', id: 'today-summary' });
  /** Of what is pointed at. */
  readonly readout = element('p', { class: 'readout' });
  readonly legend: HTMLElement;
  readonly #home: Home;

  constructor(home: Home) {
    this.#home = home;
    this.legend = legendOf(home);
  }

  /** Says what is shown. @param isThere false: it is being asked for */
  say({ power: { at, watts } }: PowerWindow, span: Span, isThere: boolean): void {
    const { texts, notation, now } = this.#home;
    const { from, to } = span;
    let [low, high] = [Infinity, -Infinity];
    for (const [i, power] of watts.entries()) {
      const instant = at[i] ?? 0;
      if (instant >= from && instant < to) [low, high] = [Math.min(low, power), Math.max(high, power)];
    }
    const empty = isThere ? texts.today.empty : texts.today.loading;
    const summary =
      low > high
        ? empty
        : texts.today.summary(...notation.stretch(from, to, now), notation.power(low), notation.power(high));
    const text = `${summary}${lengthOf(span) > LONGEST_RANGE ? ` ${texts.today.tooLong}` : ''}`;
    // a screen reader would say the same once more
    if (this.summary.textContent !== text) this.summary.textContent = text;
  }

  /** Says what is pointed at; null for nothing. */
  point(window: PowerWindow, index: number | null): void {
    const { texts, notation, now } = this.#home;
    const { power } = window;
    const [at, watts] = index === null ? [] : [power.at[index], power.watts[index]];
    if (at === undefined || watts === undefined) {
      this.readout.textContent = '';
      return;
    }
    const range = rangeAt(window, at);
    const expected =
      range === undefined ? null : `${notation.power(range.low)} – ${notation.power(range.high)}`;
    this.readout.textContent = texts.today.at(notation.moment(at, now), notation.power(watts), expected);
  }
}

function legendOf({ texts }: Home): HTMLElement {
  const { legend } = texts.today;
  const names = ['inside', 'outside', 'range', 'unusual', 'faint'] as const;
  return element(
    'ul',
    { class: 'legend' },
    ...names.map((name) =>
      element('li', {}, element('span', { class: `swatch ${name}`, 'aria-hidden': 'true' }), legend[name]),
    ),
  );
}
