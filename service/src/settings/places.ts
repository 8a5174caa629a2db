import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { SettingsError } from './error.ts';
import { option, PREFIX, quoted, snake, variable } from './problem.ts';
import type { Written } from './problem.ts';

/** As commander gives them, in camelCase. */
export type Given = Readonly<Record<string, unknown>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** `token_file` names a file that holds the token, and so on. */
const IN_FILE = '_file';
const CONFIG = variable('config');

/**
 * What is written in the places where settings stand: the JSON file that LEFTON_CONFIG or --config names, then the
 * environment, then the flags. What comes later goes before.
 * @param secrets keys that may stand in a file of their own
 * @throws SettingsError for a file that cannot be read
 */
export function writtenSettings(flags: Given, env: Environment, secrets: readonly string[]): Written[] {
  const { config, ...given } = flags;
  const file: unknown = config ?? env[CONFIG];
  return [
    ...Object.entries(typeof file === 'string' ? readFile(file) : {}).map(([key, value]) => {
      return { key, value, name: `${String(file)}: ${quoted(key)}`, nameOf: quoted };
    }),
    ...Object.entries(env)
      .filter(([name]) => name.startsWith(PREFIX) && name !== CONFIG)
      .map(([name, value]) => {
        return { key: name.slice(PREFIX.length).toLowerCase(), value, name, nameOf: variable };
      }),
    ...Object.entries(given).map(([name, value]) => {
      return { key: snake(name), value, name: option(snake(name)), nameOf: option };
    }),
  ].map((each) => fromItsFile(each, secrets));
}

/** A secret that stands in a file of its own, as secrets of containers do. */
function fromItsFile(written: Written, secrets: readonly string[]): Written {
  const { key, value, name } = written;
  const secret = secrets.find((each) => key === each + IN_FILE);
  if (secret === undefined || typeof value !== 'string') return written;
  try {
    return { ...written, key: secret, value: readFileSync(value, 'utf8').trim() };
  } catch (error) {
    throw new SettingsError([`${name}: ${error instanceof Error ? error.message : 'cannot be read'}`]);
  }
}

function readFile(file: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const why =
      error instanceof z.ZodError ? 'expected a JSON object' : error instanceof Error ? error.message : '';
    throw new SettingsError([`${file === '' ? `${CONFIG} or ${option('config')}` : file}: ${why}`]);
  }
}
