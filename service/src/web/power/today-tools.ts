import { button, element } from '../document/element.ts';
import type { Movable } from './gestures.ts';
import { DAY } from '../document/notation.ts';
import { moved, zoomed } from './span.ts';
import type { Texts } from '../texts/texts.ts';

const SPANS = { day: DAY, week: 7 * DAY, month: 30 * DAY, year: 365 * DAY };
/** In local days. */
const COMPARED = { none: 0, day: 1, week: 7 };
type SpanName = keyof typeof SPANS;
type Comparison = keyof typeof COMPARED;

/** What the tools can do to the picture. */
interface Tooled extends Movable {
  /** A span of this length (ms) up to the newest. */
  readonly follow: (length: number) => void;
  /** @param days how many local days earlier is what stands beside it; 0: nothing */
  readonly compare: (days: number) => void;
  /** What stays where it is while zooming: 0 the beginning, 1 the end. */
  readonly fixed: () => number;
}

/** The buttons above the picture of power. */
export class TodayTools {
  readonly element: HTMLElement;
  readonly #spans: readonly (readonly [number, HTMLButtonElement])[];

  /** @param compared days that are chosen at first */
  constructor(
    { today: texts }: Texts,
    compared: number,
    { span, move, home, follow, compare, fixed }: Tooled,
  ) {
    const tool = (text: string, sign: string, act: () => Parameters<typeof move>[0]): HTMLButtonElement => {
      const acts = (): void => {
        move(act());
      };
      return button(sign, acts, { 'aria-label': text, title: text });
    };
    this.#spans = Object.entries(SPANS).map(([name, length]) => {
      const acts = (): void => {
        follow(length);
      };
      return [length, button(texts.spans[name as SpanName], acts)] as const;
    });
    const choice = element('select', { id: 'compare' });
    for (const name of Object.keys(COMPARED) as Comparison[]) {
      const selected = COMPARED[name] === compared;
      choice.append(element('option', { value: name, selected }, texts.comparisons[name]));
    }
    choice.addEventListener('change', () => {
      compare(COMPARED[choice.value as Comparison]);
    });
    const buttons = this.#spans.map(([, made]) => made);
    this.element = element(
      'div',
      { class: 'tools' },
      element('div', { class: 'group', role: 'group', 'aria-label': texts.span }, ...buttons),
      element(
        'div',
        { class: 'group' },
        tool(texts.earlier, '◀', () => moved(span(), -0.5)),
        tool(texts.later, '▶', () => moved(span(), 0.5)),
        tool(texts.closer, '+', () => zoomed(span(), 0.5, fixed())),
        tool(texts.farther, '−', () => zoomed(span(), 2, fixed())),
        button(texts.now, home),
      ),
      element('div', { class: 'group' }, element('label', { for: 'compare' }, texts.compare), choice),
    );
  }

  /** @param length of what is followed; null: something earlier is looked at */
  press(length: number | null): void {
    for (const [each, made] of this.#spans) made.setAttribute('aria-pressed', String(each === length));
  }
}
