import { LeftOnError } from '@lefton/core';
import { SettingsError } from '../settings/error.ts';

/** One thing looked at; of a meter with what it told. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
  readonly meter?: string;
}

/** What a look found, or what is to be mended. */
export async function finding(what: string, look: () => string | Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, found: await look() };
  } catch (error) {
    if (error instanceof LeftOnError) return { what, ok: false, found: error.message };
    if (error instanceof SettingsError) return { what, ok: false, found: error.problems.join('; ') };
    throw error;
  }
}
