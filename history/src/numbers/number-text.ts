import type { DecimalMark } from './decimal-mark.ts';

/** What readNumber returns for a text that is neither a number nor a word for "nothing". */
export const MALFORMED = Infinity;

const MISSING = new Set('|-|?|null|nan|none|n/a|na|unavailable|unknown|undefined|no ct'.split('|'));
/** Each digit has one place in it: nothing to try again. */
const PLAIN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/;
/** No group of thousands begins with a zero. */
const THOUSANDS = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/;

/**
 * Reads a number of an export: NaN when the text says that there is no value, MALFORMED when it is no number.
 * `?` is UCI's, `unavailable` Home Assistant's, `No CT` Emporia's word for nothing.
 */
export function readNumber(text: string, mark: DecimalMark): number {
  const first = text.charCodeAt(0);
  // 45..57 is a minus, a dot or a digit; 0x10 and 0b1 are numbers to JavaScript only
  if (mark === '.' && first >= 45 && first <= 57 && (first !== 48 || !(text.charCodeAt(1) > 57))) {
    const value = Number(text);
    if (value - value === 0) return value;
  }
  return readOddNumber(text, mark);
}

function readOddNumber(text: string, mark: DecimalMark): number {
  let word = text.trim().toLowerCase();
  if (MISSING.has(word)) return NaN;
  if (mark === ',') {
    // a dot groups thousands here, and only where the comma shows it
    if (word.includes('.') && !word.includes(',')) return MALFORMED;
    word = word.replaceAll('.', '').replace(',', '.');
  } else if (THOUSANDS.test(word)) {
    word = word.replaceAll(',', '');
  }
  if (word.length > 64 || !PLAIN.test(word)) return MALFORMED;
  const value = Number(word);
  return Number.isFinite(value) ? value : MALFORMED;
}
