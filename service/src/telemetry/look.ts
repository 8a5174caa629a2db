import { statSync } from 'node:fs';
import type { Stats } from 'node:fs';

/** Why a path cannot be looked at, as the system says it. */
interface Unseen {
  readonly code: string;
  readonly why: string;
  /** There is no such path; else it may well be there. */
  readonly missing: boolean;
}

/** What is at a path, or why that cannot be said. */
type Look = { readonly stat: Stats } | { readonly unseen: Unseen };

const MISSING = ['ENOENT', 'ENOTDIR'];

/** Looks at a path, and never throws: a share that is away for a while ends nothing. */
export function lookAt(path: string): Look {
  try {
    return { stat: statSync(path) };
  } catch (error) {
    const { code = 'unknown', message: why } = error as NodeJS.ErrnoException;
    return { unseen: { code, why, missing: MISSING.includes(code) } };
  }
}
