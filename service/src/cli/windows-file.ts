import { readFileSync } from 'node:fs';
import { LeftOnError, messageOf, parseWindows } from '@lefton/core';
import type { Window } from '@lefton/core';

/**
 * Windows that a person marked: a JSON list of {from, to, label: fine | left_on | away}; left_on where it is not said.
 * @throws LeftOnError naming the file and the first wrong place
 */
export function readWindows(path: string): Window[] {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const found = messageOf(error);
    throw new LeftOnError({ code: 'bad_windows', place: path, expected: 'a JSON list', found });
  }
  return parseWindows(json, path);
}
