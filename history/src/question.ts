import { LeftOnError } from '@lefton/core';
import { SHOWN_NAMES } from './listed.ts';
import type { Unit } from './options.ts';

/** What is longer is of a damaged file, and nobody's choice. */
const LONGEST_NAME = 200;

/**
 * Which of several is to be read; with a code of its own for each option, and with the names to choose from.
 * @param lacking what is to be said, without the option to pass
 * @param names as the file has them
 */
export function choiceNeeded(
  option: 'meter' | 'entity',
  lacking: string,
  found: string,
  names: readonly string[],
  place: string,
): LeftOnError {
  return new LeftOnError({
    ...{ code: `${option}_choice_needed`, place, found },
    expected: `${lacking}: pass ${option} (--${option} NAME)`,
    choices: names.filter(({ length }) => length <= LONGEST_NAME).slice(0, SHOWN_NAMES),
  });
}

/** What the numbers of a file are. @param units that they can be */
export function unitNeeded(
  lacking: string,
  found: string,
  units: readonly Unit[],
  place: string,
): LeftOnError {
  const expected = `${lacking}: pass unit (--unit ${alternatives(units)})`;
  return new LeftOnError({ code: 'unit_needed', place, expected, found, choices: units });
}

/** `Wh, kWh or MWh` */
export const alternatives = (names: readonly string[]): string =>
  [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' or ');
