import type { AnomalyEvent } from '../event.ts';
import type { Instant } from '../time.ts';
import type { Zone } from '../zone.ts';
import { compose } from './compose.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

/** What a home can be told in; docs/languages.md has all that a new language takes. */
const CATALOGUE = { en: compose(en), de: compose(de), fr: compose(fr) };

/** ISO 639-1 code of a language that LeftOn speaks. */
export type Language = keyof typeof CATALOGUE;

const isLanguage = (code: string): code is Language => Object.hasOwn(CATALOGUE, code);

export const LANGUAGES: readonly Language[] = Object.keys(CATALOGUE).filter(isLanguage);

/** What people call a meter, where they gave it a name. */
export type NameOf = (meter: string) => string | undefined;

/** What LeftOn says in one language. Nothing in it names a person, a place or an episode, and a meter only by the name it was given. */
export interface Words {
  readonly language: Language;
  /** A few words for the head of a push, with the meter they are all of; of several events, how many they are. */
  readonly title: (events: readonly AnomalyEvent[], nameOf?: NameOf) => string;
  /**
   * To be read: what, since when, how unusual, how much so far, what to do; below 300 characters. Several events are one
   * digest below 1000 characters, a line each.
   * @param events the oldest first; where they are too many, the newest are told and the others counted; of several meters,
   * each with its own. Of one, the title names it.
   * @param now when it is told, so that a time gets its day where it is told late; none: at once
   */
  readonly text: (events: readonly AnomalyEvent[], zone: Zone, now?: Instant, nameOf?: NameOf) => string;
  /** To be spoken: the same with every number, time and unit in words, and no sign that a voice would have to guess. The meter comes first. */
  readonly speech: (events: readonly AnomalyEvent[], zone: Zone, now?: Instant, nameOf?: NameOf) => string;
  /** Answers on a phone's notification. */
  readonly answers: { readonly fine: string; readonly mute: string };
  /** Ends a text that came here because another channel failed. */
  readonly standIn: (channel: string) => string;
  /** An alert that says of itself that it is a test. */
  readonly test: { readonly title: string; readonly text: string; readonly speech: string };
  /** Names of the entities in Home Assistant. */
  readonly entities: Readonly<Record<EntityName, string>>;
}

export type EntityName = 'score' | 'power' | 'usualPower' | 'unusual' | 'lastEpisode' | 'meterSilent';

export const wordsIn = (language: Language): Words => CATALOGUE[language];
