import { parseInstant, watts } from '@lefton/core';
import type { Reading } from '@lefton/core';
import { bad, instantOf, meterOf, show } from './reading-format.ts';
import type { ReadingDefaults } from './reading-format.ts';

const FIELDS = ['at', 'watts', 'meter'];
/** Decimal point, optional exponent; Number() alone takes '' and '0x1f'. Each digit has one place: nothing to try again. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Longer than any number that a program writes. */
const LONGEST_NUMBER = 64;

/** Rows of the canonical CSV `at,watts[,meter]`, one line at a time. */
export class CanonicalCsv {
  readonly #defaults: ReadingDefaults;

  constructor(defaults: ReadingDefaults) {
    this.#defaults = defaults;
  }

  /**
   * The reading of a line without its line end; undefined for the header and for empty lines.
   * @throws LeftOnError `bad_reading`
   */
  read(line: string): Reading | undefined {
    const text = line.charCodeAt(0) === 0xfeff ? line.slice(1) : line;
    if (text.trim() === '') return undefined;
    const fields = text.split(',');
    if (isHeader(fields)) return undefined;
    const [at, power, meter] = fields;
    if (at === undefined || power === undefined || fields.length > 3 || isNeither(bare(at), bare(power)))
      // what is shown is logged, and the third may be a meter that is to be forgotten
      throw bad('row', 'at,watts[,meter], which lefton import makes of an export', shown(fields));
    return {
      meter: meter === undefined ? this.#defaults.meter : meterOf(bare(meter)),
      at: instantOf(bare(at)),
      watts: watts(numberOf(bare(power))),
      energyWh: null,
      source: this.#defaults.source,
    };
  }
}

const isHeader = (fields: readonly string[]): boolean =>
  bare(fields[0] ?? '') === 'at' && fields.every((field, i) => bare(field) === FIELDS[i]);

/** Neither a time nor a number: a row of something else. */
const isNeither = (at: string, power: string): boolean =>
  !NUMBER.test(power) && parseInstant(at) === undefined;

function shown(fields: readonly string[]): string {
  const more = fields.length - 2;
  return `${show(fields.slice(0, 2).join(','))}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A field without blanks and quotes around it. */
function bare(field: string): string {
  const text = field.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

function numberOf(text: string): number {
  const value = text.length <= LONGEST_NUMBER && NUMBER.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw bad('watts', 'a finite number', show(text));
  return value;
}
