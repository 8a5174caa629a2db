import type { Policy, Window } from '@lefton/core';
import type { Settings } from './config.ts';
import { Tries } from './tries/tries.ts';
import type { TryTask } from './tries/try-task.ts';

/** What the jobs stand on. */
export interface JobsDeps {
  /** As it holds now. */
  readonly policy: Policy;
  /** What a person marked in a file. */
  readonly windows: readonly Window[];
  /** Good readings are kept in the file of this process. */
  readonly keepReadings: boolean;
}

/** What the service does beside watching, when somebody asks for it: each in a process of its own. */
export class Jobs {
  readonly tries = new Tries();
  readonly policy: Policy;
  /** Why there is no past to look at; undefined where there is. */
  readonly nothingKept: string | undefined;
  readonly #settings: Pick<Settings, 'db'>;
  readonly #windows: readonly Window[];

  constructor(settings: Pick<Settings, 'db'>, { policy, windows, keepReadings }: JobsDeps) {
    this.policy = policy;
    this.#settings = settings;
    this.#windows = windows;
    this.nothingKept = keepReadings
      ? undefined
      : 'This service keeps no readings in its own file: start it with LEFTON_KEEP_READINGS=on to look back.';
  }

  /** The part of a task that no question changes. */
  readonly past = (): Pick<TryTask, 'db' | 'windows' | 'revision'> => ({
    db: this.#settings.db,
    windows: this.#windows,
    revision: 0,
  });

  stop(): void {
    this.tries.stop();
  }
}
