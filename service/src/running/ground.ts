import { Zone } from '@lefton/core';
import type { Policy, Window } from '@lefton/core';
import type { Readable } from 'node:stream';
import { ReplayClock, SystemClock } from '../runtime/clock.ts';
import type { Settings } from '../settings/settings.ts';
import { policyOf } from '../pipeline/detection-policy.ts';
import type { Log } from '../telemetry/log.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { modelsOf } from '../models/models-of.ts';
import { mustHaveModel, type ModelsInUse } from '../models/models.ts';
import type { Clock, Pause } from '../ports.ts';
import { Database } from '../sqlite/database.ts';
import { SqliteStore } from '../store/store.ts';
import { readWindows } from '../cli/windows-file.ts';

/** The world around the service. */
export interface World {
  /** Text for people. */
  readonly print: (text: string) => void;
  readonly log: Log;
  readonly stdin: Readable;
  readonly pause: Pause;
  /** 0 <= value < 1 */
  readonly random: () => number;
}

/** What all parts of a running service stand on. */
export interface Ground extends World {
  readonly settings: Settings;
  /** The machine's clock. */
  readonly system: SystemClock;
  /** The clock of a replay; undefined where none runs. */
  readonly replayed: ReplayClock | undefined;
  /** The clock of the home: a replay's while one runs. */
  readonly clock: Clock;
  /** Of the settings; null where each model has its own. */
  readonly zone: string | null;
  readonly metrics: Metrics;
  readonly models: ModelsInUse;
  readonly db: Database;
  readonly store: SqliteStore;
  /** What a person marked in a file. */
  readonly windows: readonly Window[];
  readonly policy: Policy;
  /** Readings are scored in this process. */
  readonly scores: boolean;
  /** Good readings are kept in the file of this process. */
  readonly keepReadings: boolean;
  close(): void;
}

/** @throws LeftOnError when the zone, the models, the database or the windows cannot be used */
export function openGround(settings: Settings, world: World): Ground {
  const system = new SystemClock();
  const windows = settings.windows === null ? [] : readWindows(settings.windows);
  const replayed = settings.replay === null ? undefined : new ReplayClock(settings.from ?? 0);
  const zone = settings.zone === null ? null : new Zone(settings.zone).name;
  const metrics = new Metrics();
  const models = modelsOf(settings, zone, world.log, metrics, () => system.now());
  mustHaveModel(models);
  const db = new Database(settings.db);
  return {
    ...world,
    ...{ settings, system, replayed, clock: replayed ?? system, zone, metrics, models, db, windows },
    store: new SqliteStore(db, system, settings.retention_days, settings.keep_days),
    policy: policyOf(settings, windows),
    scores: settings.role !== 'notify',
    keepReadings: settings.keep_readings ?? settings.kafka_brokers === null,
    close: () => {
      models.close();
      db.close();
    },
  };
}
