import { lookAt } from '../telemetry/look.ts';
import { modelPaths } from './model-paths.ts';

/** A file as it was when last looked at. */
interface Seen {
  /** Undefined while it was never settled. */
  readonly stamp?: string;
  /** A newer stamp, seen once: the file may still be being written. */
  readonly settling?: string;
}

/** What a look found. */
export interface Changes {
  readonly changed: readonly string[];
  readonly gone: readonly string[];
}

/** The JSON files of a path, and which of them are others than they were, once they look the same twice. */
export class SettledFiles {
  readonly #path: string | null;
  #seen = new Map<string, Seen>();

  /** @param path a file, which may be missing, or a folder of them; null for none */
  constructor(path: string | null) {
    this.#path = path;
  }

  /** @param settle false: a change counts at its first sight */
  look(settle: boolean): Changes {
    const seen = new Map<string, Seen>();
    const changed: string[] = [];
    for (const file of this.#files()) {
      const before = this.#seen.get(file) ?? {};
      const stamp = stampOf(file);
      if (before.stamp === stamp) seen.set(file, before);
      else if (settle && before.settling !== stamp) seen.set(file, { ...before, settling: stamp });
      else {
        seen.set(file, { stamp });
        changed.push(file);
      }
    }
    const gone = [...this.#seen.keys()].filter((file) => !seen.has(file));
    this.#seen = seen;
    return { changed, gone };
  }

  /** Takes a file as it is now, which may be deleted: that is no change. */
  accept(file: string): void {
    if (file === this.#path) this.#seen.set(file, { stamp: stampOf(file) });
    else this.#seen.delete(file);
  }

  #files(): string[] {
    const path = this.#path;
    if (path === null) return [];
    try {
      return modelPaths(path);
    } catch {
      // a folder may be half way through being replaced: what was read from it stays until it can be listed again
      return this.#seen.size > 0 ? [...this.#seen.keys()] : [path];
    }
  }
}

/** Changes when the file does, and when it cannot be looked at or can be again. */
function stampOf(file: string): string {
  const look = lookAt(file);
  if ('stat' in look) return `${look.stat.mtimeMs}:${look.stat.size}:${look.stat.ino}`;
  return look.unseen.missing ? 'missing' : `unreadable: ${look.unseen.code}`;
}
