import { readFileSync } from 'node:fs';
import { SettingsError } from './error.ts';

/** What people can do something about, by the code of the system. */
const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'this user may not read the file',
  EISDIR: 'expected a PEM file, found the folder',
};

/**
 * The text of a PEM file that a setting names.
 * @throws SettingsError that names the setting and the file
 */
export function certificatesIn(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read:';
    throw new SettingsError([`${setting}: ${WHY[code] ?? code} ${file}`]);
  }
}
