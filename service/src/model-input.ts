import { readFileSync } from 'node:fs';
import { LeftOnError, parseModel } from '@lefton/core';
import type { Model } from '@lefton/core';

/**
 * Reads a model file.
 * @throws LeftOnError naming the file and the first wrong place in it
 */
export function readModel(path: string): Model {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new LeftOnError({ code: 'bad_model', place: path, expected: 'a model file', found });
  }
  return parseModel(json, path);
}
