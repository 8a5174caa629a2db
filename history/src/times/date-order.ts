import { LeftOnError } from '@lefton/core';
import { unpackDate } from './time-text.ts';

/**
 * Decides for a whole file whether 03/04/2024 is the third of April, and turns packed dates (see TimeText) into
 * wall-clock times in place. Days beyond 12 decide; else the order in which time never runs backwards; else the
 * order that keeps the rows evenly spaced.
 * @throws LeftOnError `date_order_needed` when both orders fit equally well.
 */
export function resolveDates(packed: Float64Array, place: string, dayFirst: boolean | undefined): boolean {
  const chosen = dayFirst ?? decide(packed);
  if (chosen === undefined) {
    throw new LeftOnError({
      code: 'date_order_needed',
      place,
      expected: 'to know whether 03/04 is 3 April or March 4: pass dayFirst (--day-first or --no-day-first)',
      found: 'dates that fit both orders equally well',
    });
  }
  packed.forEach((value, i) => {
    packed[i] = unpackDate(value, chosen);
  });
  return chosen;
}

interface Fit {
  /** Dates that do not exist in this order. */
  impossible: number;
  backwards: number;
  forwards: number;
  /** Steps as long as the shortest one. */
  even: number;
}

function decide(packed: Float64Array): boolean | undefined {
  const day = fitOf(packed, true);
  const month = fitOf(packed, false);
  if (day.impossible !== month.impossible) return day.impossible < month.impossible;
  const [dayTurns, monthTurns] = [turns(day), turns(month)];
  if (dayTurns !== monthTurns) return dayTurns < monthTurns;
  if (day.even !== month.even) return day.even > month.even;
  return undefined;
}

/** Steps against the direction of the file; a file may also run from new to old. */
const turns = (fit: Fit): number => Math.min(fit.backwards, fit.forwards);

function fitOf(packed: Float64Array, dayFirst: boolean): Fit {
  const fit: Fit = { impossible: 0, backwards: 0, forwards: 0, even: 0 };
  let last = NaN;
  let shortest = Infinity;
  for (const value of packed) {
    const at = unpackDate(value, dayFirst);
    if (Number.isNaN(at)) fit.impossible += 1;
    const step = at - last;
    if (step < 0) fit.backwards += 1;
    if (step > 0) fit.forwards += 1;
    const size = Math.abs(step);
    if (size > 0 && size < shortest) {
      shortest = size;
      fit.even = 0;
    }
    if (size === shortest) fit.even += 1;
    last = at;
  }
  return fit;
}
