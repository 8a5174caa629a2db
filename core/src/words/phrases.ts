import type { AnomalyType } from '../event.ts';
import type { Length, Moment } from './moment.ts';
import type { Quantity } from './quantity.ts';
import type { Words } from './words.ts';

/** How a language puts what is measured. */
export interface Notation {
  power(watts: Quantity): string;
  /** @param cost in the currency of the price setting, null where not known */
  energy(wattHours: Quantity, cost: number | null): string;
  /** As it stands after the language's word for "after". */
  length(length: Length): string;
  /** `since 03:12` */
  since(moment: Moment): string;
  /** How many alerts. */
  count(alerts: number): string;
}

/** The same for the eye. */
export interface WrittenNotation extends Notation {
  /** `03:12`, as it stands where something begins or ends. */
  when(moment: Moment): string;
}

/** What is known of an event, each as the notation puts it; null is not known and not said. */
export interface Parts {
  /** Mean power since the onset. */
  readonly power: string | null;
  readonly usual: string | null;
  /** How often something comparable lasted as long, in the history. */
  readonly rare: string | null;
  readonly since: string;
  /** From the onset until now; of a closed episode until its end. */
  readonly length: string;
  /** Above usual since the onset. */
  readonly energy: string | null;
}

export interface WrittenParts extends Parts {
  readonly began: string;
  readonly ended: string;
}

/** What one event is told with. */
export interface Telling {
  /** A few words. */
  title(power: string | null): string;
  /** To be read: what, since when, how unusual, how much so far. */
  text(parts: WrittenParts): string;
  /** What to do about it; ends the text. */
  readonly todo: string;
  /** To be spoken, with what to do. */
  speech(parts: Parts): string;
  /** One among several, read or spoken. */
  line(parts: Parts): string;
}

/** What one language file gives. docs/languages.md shows how to write one. */
export interface Phrases extends Pick<Words, 'language' | 'answers' | 'standIn' | 'test' | 'entities'> {
  readonly read: WrittenNotation;
  readonly said: Notation;
  readonly tellings: Readonly<Record<AnomalyType, Telling>>;
  readonly rarely: { readonly never: string; readonly seldom: string };
  /** Several alerts; at least two. */
  alerts(count: string): string;
  /** Older alerts of a digest, which are counted only. */
  more(alerts: number, count: string): string;
  /** Names of channels, as they stand in standIn. */
  readonly channels: Readonly<Record<string, string>>;
  /** Last touch to what is read, for languages with rules of their own for spaces. */
  readonly typeset?: (text: string) => string;
}

/** A part with the words around it, or nothing where it is not known. */
export const around = (before: string, part: string | null, after = ''): string =>
  part === null ? '' : before + part + after;
