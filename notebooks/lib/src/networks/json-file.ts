import { LeftOnError, messageOf } from '@lefton/core';
import { readFileSync } from 'node:fs';

/**
 * What a file of JSON says.
 * @param expected what it is to be, for people
 * @throws LeftOnError `bad_file` naming the file, where it is not there or no JSON
 */
export function readJson(path: string, expected: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const found = messageOf(error);
    throw new LeftOnError({ code: 'bad_file', place: path, expected, found });
  }
}
