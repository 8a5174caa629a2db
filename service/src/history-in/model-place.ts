import { LeftOnError } from '@lefton/core';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedModel, ModelsInUse } from '../models.ts';

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
  if (isFolder && inUse?.compiled.model.meter !== meter) {
    // names of meters may hold what names of files may not
    return { file: join(path, `${encodeURIComponent(meter)}.json`), inUse };
  }
  if (inUse !== undefined) return { file: inUse.file, inUse };
  throw new LeftOnError({
    code: 'no_place',
    place: `model ${path ?? '(none)'}`,
    expected: `a folder of models (--model FOLDER), for the one of meter ${meter} to go to`,
    found: 'one file, for another meter',
  });
}
