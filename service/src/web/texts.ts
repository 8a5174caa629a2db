import { de } from './texts-de.ts';
import { en } from './texts-en.ts';
import { fr } from './texts-fr.ts';

/** What the page says in one language. */
export type Texts = typeof en;

/** A new language is one file and its line here. */
const CATALOGUE: Readonly<Record<string, Texts>> = { en, de, fr };

/** The first language that the reader has chosen and that there is; else English. */
export function textsFor(languages: readonly string[]): Texts {
  const codes = languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return CATALOGUE[codes.find((code) => Object.hasOwn(CATALOGUE, code)) ?? ''] ?? en;
}
