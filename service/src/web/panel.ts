import type { Home } from './home.ts';
import type { Texts } from './texts/texts.ts';

/** A part of the page. Its element is a labelled section that has its heading already. */
export interface Panel {
  /** Also what follows # in an address. */
  readonly id: string;
  readonly title: (texts: Texts) => string;
  /** Takes the whole width. */
  readonly wide?: boolean;
  /** Fills the section; called once, and listens to the home for what changes. */
  readonly fill: (root: HTMLElement, home: Home) => void;
}
