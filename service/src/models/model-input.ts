import { readFileSync, statSync } from 'node:fs';
import { LeftOnError, messageOf, parseModel } from '@lefton/core';
import type { Model, OtherVersion } from '@lefton/core';

const LARGEST_FILE = 4 * 1024 * 1024;

/**
 * Reads a model file.
 * @throws LeftOnError naming the file and the first wrong place in it
 */
export function readModel(path: string, otherVersion: OtherVersion = 'refuse'): Model {
  let json: unknown;
  try {
    const { size } = statSync(path);
    if (size > LARGEST_FILE) throw new RangeError(`${size} bytes, more than ${LARGEST_FILE}`);
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const found = messageOf(error);
    throw new LeftOnError({ code: 'bad_model', place: path, expected: 'a model file', found });
  }
  return parseModel(json, path, otherVersion);
}
