import { LeftOnError } from '@lefton/core';
import { counted } from './counted.ts';
import type { ImportOptions } from './options.ts';
import type { Powers } from './track.ts';

/** Names shown to people. */
const SHOWN_NAMES = 20;

/**
 * Exports of one meter tell the same hours alike, but for the last row of each, which may have been under way.
 * @throws LeftOnError `bad_file` where files that were read one after the other are of several meters.
 */
export function refuseSeveralMeters(
  powers: readonly Powers[],
  { place, files = [] }: Pick<ImportOptions, 'place' | 'files'>,
): void {
  if (files.length < 2) return;
  const most = Math.max(
    ...powers.map(({ conflicts, duplicates }) => (conflicts * 2 > duplicates ? conflicts : 0)),
  );
  if (most <= files.length) return;
  const names = `${files.slice(0, SHOWN_NAMES).join(', ')}${files.length > SHOWN_NAMES ? ', …' : ''}`;
  throw new LeftOnError({
    code: 'bad_file',
    place,
    expected: 'files of one meter: unpack it, and import those of each meter on their own',
    found: `${counted(most, 'time')} told with two different values in ${names}`,
  });
}
