import { LeftOnError } from '@lefton/core';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedModel, ModelsInUse } from '../models/models.ts';

/** Of a name of a file, in bytes: up to 255 are taken, and what is written beside it has a longer ending. */
const LONGEST_NAME = 200;

/** Where the model of a meter goes, and what is in use for it now. */
export interface ModelPlace {
  readonly file: string;
  /** The model in use for the meter: its own, or one for any meter. */
  readonly inUse: LoadedModel | undefined;
}

/**
 * @param path of the settings: a model file, or a folder of them
 * @throws LeftOnError `no_place` where there is one file and it is another meter's
 */
export function modelPlace(path: string | null, models: ModelsInUse, meter: string): ModelPlace {
  const inUse = models.of(meter);
  const isFolder = path !== null && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
  if (isFolder && inUse?.compiled.meter !== meter) {
    return { file: join(path, fileNameOf(meter)), inUse };
  }
  if (inUse !== undefined) return { file: inUse.file, inUse };
  throw new LeftOnError({
    code: 'no_place',
    place: `model ${path ?? '(none)'}`,
    expected: `a folder of models (--model FOLDER), for the one of meter ${meter} to go to`,
    found: 'one file, for another meter',
  });
}

/** Names of meters may hold what names of files may not, and be longer: then they are cut, and a hash tells them apart. */
function fileNameOf(meter: string): string {
  const name = encodeURIComponent(meter);
  if (name.length <= LONGEST_NAME) return `${name}.json`;
  const cut = name.slice(0, LONGEST_NAME).replace(/%.?$/, '');
  return `${cut}~${createHash('sha256').update(meter).digest('hex').slice(0, 16)}.json`;
}
