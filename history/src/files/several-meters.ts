import { LeftOnError } from '@lefton/core';
import { counted } from '../counted.ts';
import { listed } from '../listed.ts';
import type { ImportOptions } from '../options.ts';
import type { Powers } from '../power/track.ts';

/**
 * Exports of one meter tell the same hours alike, but for the last row of each, which may have been under way.
 * @throws LeftOnError `bad_file` where files that were read one after the other are of several meters.
 */
export function refuseSeveralMeters(
  powers: readonly Powers[],
  { place, files, severalHint }: Pick<ImportOptions, 'place' | 'files'> & { readonly severalHint: string },
): void {
  if (files === undefined) return;
  const { names } = files;
  const most = Math.max(
    ...powers.map(({ conflicts, duplicates }) => (conflicts * 2 > duplicates ? conflicts : 0)),
  );
  if (most <= names.length) return;
  throw new LeftOnError({
    code: 'bad_file',
    place,
    expected: `files of one meter: import those of each meter on their own${severalHint}`,
    found: `${counted(most, 'time')} told with two different values in ${listed(names)}`,
  });
}
