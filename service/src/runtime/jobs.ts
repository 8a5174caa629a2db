import type { Policy, Window } from '@lefton/core';
import { keepsHistory } from '../settings/settings.ts';
import type { Settings } from '../settings/settings.ts';
import { HistoryIn } from '../history-in/history-in.ts';
import type { Log } from '../telemetry/log.ts';
import type { ModelsInUse } from '../models/models.ts';
import type { Clock } from '../ports.ts';
import { refitLine } from '../refit/refit-line.ts';
import type { HistoryStore } from '../store-ports.ts';
import { Tries } from '../tries/tries.ts';
import type { TryTask } from '../tries/try-task.ts';

/** What the jobs stand on. */
interface JobsDeps {
  /** As it holds now. */
  readonly policy: Policy;
  /** What a person marked in a file. */
  readonly windows: readonly Window[];
  /** Good readings are kept in the file of this process. */
  readonly keepReadings: boolean;
  readonly store: HistoryStore;
  readonly models: ModelsInUse;
  /** The system's. */
  readonly clock: Clock;
  readonly log: Log;
}

type JobsSettings = Pick<
  Settings,
  | 'db'
  | 'model'
  | 'zone'
  | 'meter'
  | 'replay'
  | 'retention_days'
  | 'keep_days'
  | 'kafka_brokers'
  | 'keep_readings'
>;

/** How a model learns from what people answered. */
export interface Learning {
  /** To be typed. */
  readonly command: string;
  /** The service can be set to do it by itself. */
  readonly by_itself: boolean;
}

/** What the service does beside watching, when somebody asks for it: each in a process of its own. */
export class Jobs {
  readonly tries = new Tries();
  readonly historyIn: HistoryIn;
  readonly policy: Policy;
  /** Why there is no past to look at; undefined where there is. */
  readonly nothingKept: string | undefined;
  /** What else is to be known of taking a history in; null for nothing. */
  readonly note: string | null;
  readonly #db: string;
  readonly #windows: readonly Window[];
  readonly #models: ModelsInUse;
  readonly #learnsAlone: boolean;
  #revision = 0;

  constructor(settings: JobsSettings, deps: JobsDeps) {
    const { db, model, zone, meter, replay, retention_days, keep_days, kafka_brokers } = settings;
    const own = new Map(Object.entries(keep_days));
    this.policy = deps.policy;
    this.#db = db;
    this.#windows = deps.windows;
    this.#models = deps.models;
    this.#learnsAlone = keepsHistory(settings);
    this.nothingKept = deps.keepReadings
      ? undefined
      : 'This service keeps no readings in its own file: start it with LEFTON_KEEP_READINGS=on to look back.';
    this.note =
      kafka_brokers === null
        ? null
        : 'On Kafka the history is kept in the file of this process, and this process alone takes the new model up: ' +
          'copy the model file to the others.';
    this.historyIn = new HistoryIn({
      ...{ ...deps, db, zone, meter, modelPath: model ?? null },
      kept: (name) => ({ days: own.get(name) ?? retention_days, byClock: own.has(name) }),
      replayed: replay === null ? null : meter,
      changed: () => this.#revision++,
    });
  }

  /** The part of a task that no question changes. */
  readonly past = (): Pick<TryTask, 'db' | 'windows' | 'revision'> => ({
    db: this.#db,
    windows: this.#windows,
    revision: this.#revision,
  });

  /** How the model of a meter learns from answers; null for one that does not, or that is not in a file. */
  learningOf(meter: string): Learning | null {
    if (this.#models.lazy) return null;
    const model = this.#models.of(meter);
    const files = { db: this.#db, readings: this.nothingKept === undefined };
    const command = model === undefined ? null : refitLine(model, meter, files);
    return command === null ? null : { command, by_itself: this.#learnsAlone };
  }

  /** Nothing is done any more for a meter that is to be forgotten; resolves when nothing of it can come. */
  async letGo(meter: string): Promise<void> {
    this.tries.letGo(meter);
    await this.historyIn.letGo(meter);
  }

  stop(): void {
    this.tries.stop();
    this.historyIn.cancel();
  }
}
