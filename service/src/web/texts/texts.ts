import type { Language } from '@lefton/core';
import { de } from './texts-de.ts';
import { en } from './texts-en.ts';
import { fr } from './texts-fr.ts';

/** What the page says in one language. */
export type Texts = typeof en;

/** As many as people are told in: docs/languages.md has what each takes. */
const CATALOGUE: Readonly<Record<Language, Texts>> = { en, de, fr };

const isKnown = (code: string): code is Language => Object.hasOwn(CATALOGUE, code);

/** The first language that the reader has chosen and that there is; else English. */
export function textsFor(languages: readonly string[]): Texts {
  const codes = languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return CATALOGUE[codes.find(isKnown) ?? 'en'];
}
