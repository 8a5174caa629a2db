import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const [MODEL, PREVIOUS, REFITS] = ['.json', '.previous', '.refits'];

/** Where the model before this one is kept, once another has taken its place. */
export const previousOf = (model: string): string => model + PREVIOUS;

/** Where the decisions on a model are kept: by another ending than a model's, so that a folder of models stays one. */
export const refitsOf = (model: string): string => model + REFITS;

/** A model file and all that may be kept beside it. */
export const withBeside = (model: string): string[] => [model, previousOf(model), refitsOf(model)];

/** Whether a name in a folder of models is that of one, or of what is kept beside one. */
export const isOfModels = (name: string): boolean =>
  [MODEL, MODEL + PREVIOUS, MODEL + REFITS].some((end) => name.endsWith(end));

/**
 * The model files of a path: those in it where it is a folder, by name, else the path itself.
 * @throws Error of the system where the path cannot be looked at
 */
export const modelPaths = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith(MODEL))
        .sort()
        .map((name) => join(path, name))
    : [path];
