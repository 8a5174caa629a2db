import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';

const AGAIN_MS = 500;

/**
 * Holds the lock until released; the system lets go of it when this process dies.
 * @param title of what is being installed, for those who wait
 */
export async function locked(file: string, title: string, say: (line: string) => void): Promise<() => void> {
  const lock = new DatabaseSync(file, { timeout: 0 });
  for (let first = true; ; first = false) {
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return () => {
        lock.close();
      };
    } catch (error) {
      // 5: SQLITE_BUSY
      if (!(error instanceof Error && 'errcode' in error && error.errcode === 5)) throw error;
      if (first) say(`Another process is installing ${title}; waiting for it ...`);
      await setTimeout(AGAIN_MS);
    }
  }
}
