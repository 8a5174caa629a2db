import { element } from './element.ts';
import type { Notation } from './notation.ts';

/** How far something is: a bar, and the same in percent. */
export class ProgressBar {
  readonly element: HTMLElement;
  readonly #bar: HTMLProgressElement;
  readonly #said = element('span', { 'aria-hidden': 'true' });
  readonly #notation: Notation;

  /** @param name what it is the progress of */
  constructor(name: string, notation: Notation) {
    this.#notation = notation;
    this.#bar = element('progress', { max: 1, 'aria-label': name });
    this.element = element('div', { class: 'progress', hidden: true }, this.#bar, this.#said);
  }

  /** @param share 0..1; null: it goes on, and nobody knows for how long */
  show(share: number | null): void {
    this.element.hidden = false;
    if (share === null) this.#bar.removeAttribute('value');
    else this.#bar.value = share;
    this.#said.textContent = share === null ? '' : `${this.#notation.number(share * 100, 0)} %`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
