import { formatUtc } from '@lefton/core';
import { INSTANTS, SECRETS } from './settings.ts';
import type { Settings } from './settings.ts';

/** A setting for people to look at. */
export interface SettingRow {
  readonly key: string;
  /** Of a secret only that it is set. */
  readonly value: string;
  /** The option, the variable, or the file and its key; null: nowhere, so it is the default. */
  readonly source: string | null;
}

/** What is set and where, without secrets, for people to look at. */
export const settingRows = (settings: Settings, sources: ReadonlyMap<string, string>): SettingRow[] =>
  Object.entries(tellable(settings)).map(([key, value]) => ({
    key,
    value,
    source: sources.get(key) ?? null,
  }));

/** What is set, without secrets, for the log. */
export function tellable(settings: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, SECRETS.includes(key) ? 'set' : tell(value, key)]),
  );
}

function tell(value: unknown, key: string): string {
  if (value === Infinity) return 'max';
  if (typeof value === 'number' && INSTANTS.includes(key)) return formatUtc(value);
  if (typeof value === 'string') return withoutSecrets(value);
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? withoutSecrets(part) : part,
  );
}

/** An address without its user, password and query, where keys of a receiver stand; another text as it is. */
function withoutSecrets(text: string): string {
  const url = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? URL.parse(text) : null;
  if (url === null || (url.username === '' && url.password === '' && url.search === '' && url.hash === ''))
    return text;
  url.username = url.password = url.hash = '';
  if (url.search !== '') url.search = '?***';
  return url.href;
}
